// A page as the client sees it: a window that has inputs, a document that can be hidden.

export class Page extends EventTarget {
  visibilityState = "visible";

  install() {
    globalThis.document = this;
    globalThis.addEventListener = this.addEventListener.bind(this);
  }

  uninstall() {
    delete globalThis.document;
    delete globalThis.addEventListener;
  }

  fire(type) {
    this.dispatchEvent(new Event(type));
  }

  turn(visibilityState) {
    this.visibilityState = visibilityState;
    this.fire("visibilitychange");
  }
}

/** Runs a part of a test on a page. */
export async function onPage(run) {
  const page = new Page();
  page.install();
  try {
    await run(page);
  } finally {
    page.uninstall();
  }
}
