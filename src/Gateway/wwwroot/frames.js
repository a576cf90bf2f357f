// Other guests and other tabs inside this window: each is this very page in a frame.
//
// Removing a frame makes the browser close its socket with 1001, which the server takes for a loss: the device stays for the grace
// period. The same device coming back in time is noticed by nobody.

const mostFrames = 8;

export class Frames {
  #holder;
  #template;
  #handlers;
  #count = 0;

  /** @param {{ onKill: (frame: object) => void, onBack: (frame: object) => void }} handlers */
  constructor(holder, template, handlers) {
    this.#holder = holder;
    this.#template = template;
    this.#handlers = handlers;
  }

  get isFull() {
    return this.#count >= mostFrames;
  }

  /** Opens a frame; `title` names it to people, `address` is the page in it. */
  open(frame) {
    this.#count++;
    const card = this.#template.content.firstElementChild.cloneNode(true);
    const [kill, back] = card.querySelectorAll('button');
    card.querySelector('h3').textContent = frame.title;
    kill.setAttribute('aria-label', `Kill this tab: ${frame.title}`);
    back.setAttribute('aria-label', `Bring it back: ${frame.title}`);
    const iframe = card.querySelector('iframe');
    iframe.title = frame.title;
    iframe.src = frame.address;

    const setAlive = isAlive => {
      kill.hidden = !isAlive;
      back.hidden = isAlive;
      card.toggleAttribute('data-killed', !isAlive);
    };
    kill.addEventListener('click', () => {
      iframe.remove();
      setAlive(false);
      back.focus();
      this.#handlers.onKill(frame);
    });
    back.addEventListener('click', () => {
      card.append(iframe);
      setAlive(true);
      kill.focus();
      this.#handlers.onBack(frame);
    });
    this.#holder.append(card);
  }
}

/** Gives each frame the height of what is in it, and hands on the delays it measures. */
export function onFrameMessage(holder, onDelay) {
  addEventListener('message', ({ origin, source, data }) => {
    const iframe = [...holder.querySelectorAll('iframe')].find(({ contentWindow }) => contentWindow === source);
    if (origin === location.origin && iframe && data.height) {
      iframe.height = data.height;
    } else if (origin === location.origin && iframe) {
      onDelay(data);
    }
  });
}

/** In a frame: tells the window around it how high the page is. */
export function reportHeight(element) {
  new ResizeObserver(() => parent.postMessage({ height: element.offsetHeight }, location.origin)).observe(element);
}
