// A page that waits for work done elsewhere: loads itself again until the server shows the outcome.
setTimeout(() => location.reload(), 2_000);
