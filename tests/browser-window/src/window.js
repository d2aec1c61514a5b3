/**
 * Stands where Tauri stands in the window: calls go over HTTP to the program
 * that serves this page, and what it says unasked comes back as events.
 *
 * A dialog of the system has no place in a page: the journey says beforehand
 * what the person would choose (`window.chosen.push(path)`). `window.underWay` says
 * how many calls wait for their answer, so that a picture is taken of a page at rest.
 */
(() => {
  const callbacks = new Map();
  const listeners = new Map();
  let last = 0;
  window.chosen = [];
  window.underWay = 0;

  const news = new EventSource("./events");
  const listening = new Promise((resolve) => news.addEventListener("open", resolve, { once: true }));
  news.onmessage = ({ data }) => {
    const { event, payload, channel, index, message } = JSON.parse(data);
    if (event === undefined) callbacks.get(channel)?.({ index, message });
    else for (const [id, one] of listeners) if (one.event === event) callbacks.get(one.handler)?.({ event, id, payload });
  };

  function transformCallback(callback, once = false) {
    const id = ++last;
    callbacks.set(id, (data) => {
      if (once) callbacks.delete(id);
      callback?.(data);
    });
    return id;
  }

  async function ask(command, args, options) {
    const raw = args instanceof ArrayBuffer || ArrayBuffer.isView(args);
    const headers = { ...options.headers, "content-type": raw ? "application/octet-stream" : "application/json" };
    const answer = await fetch(`./call/${encodeURIComponent(command)}`, { method: "POST", headers, body: raw ? args : JSON.stringify(args) });
    if (!answer.ok) throw await answer.text();
    const value = answer.headers.get("content-type") === "application/json" ? await answer.json() : await answer.arrayBuffer();
    if (answer.headers.has("x-refused")) throw value;
    return value;
  }

  async function invoke(command, args = {}, options = {}) {
    if (command === "plugin:event|listen") {
      const id = ++last;
      listeners.set(id, args);
      return id;
    }
    if (command === "plugin:event|unlisten") return void listeners.delete(args.eventId);
    if (command === "plugin:dialog|open" || command === "plugin:dialog|save") return window.chosen.shift() ?? null;
    if (command === "plugin:webview|set_webview_zoom") return void (document.body.style.zoom = args.value);
    await listening;
    window.underWay += 1;
    try {
      return await ask(command, args, options);
    } finally {
      window.underWay -= 1;
    }
  }

  window.__TAURI_EVENT_PLUGIN_INTERNALS__ = { unregisterListener: (_, id) => listeners.delete(id) };
  window.__TAURI_INTERNALS__ = {
    invoke,
    transformCallback,
    unregisterCallback: (id) => callbacks.delete(id),
    metadata: { currentWindow: { label: "main" }, currentWebview: { windowLabel: "main", label: "main" } },
    plugins: {},
  };
})();
