// The style of what is opened later (tools, panels, review): fetched once, when it is first wanted.

let loading = null;

/** Return a promise that is kept when the style is there; without it everything still works, only plainer. */
export function lateStyle() {
  loading ??= new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("../exam_tools.css", import.meta.url).href;
    link.onload = done;
    link.onerror = done;
    document.head.append(link);
  });
  return loading;
}
