// Uploads one file and returns what the server says of it, or `error` in words.

const MOST_BYTES = 5 * 1024 * 1024;

export async function upload(address, file, token, words) {
  if (file.type.startsWith("image/") && file.size > MOST_BYTES) return { error: words.large };
  const given = new FormData();
  given.append("file", file, file.name || "picture");
  try {
    const response = await fetch(address, {
      method: "POST", body: given, headers: { Accept: "application/json", "X-CSRFToken": token },
    });
    const told = await response.json();
    return response.ok ? told : { error: told.error?.message ?? words.failed };
  } catch {
    return { error: words.failed };
  }
}
