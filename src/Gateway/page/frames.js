// Other screens inside this page: each is this very page in a frame.
//
// Removing a frame makes the browser close its socket with 1001, which the server takes for a loss: the device stays for the grace
// period. The same device coming back in time is noticed by nobody.

export class Frames {
  #template;
  #handlers;

  /** @param {{ onKill: (frame: object) => void, onBack: (frame: object) => void }} handlers */
  constructor(template, handlers) {
    this.#template = template;
    this.#handlers = handlers;
  }

  /**
   * Opens a frame in `holder`. `title` names it to people, `address` is the page in it; `short`, `kill` and `back` say the same in fewer
   * words where there is little room.
   */
  open(holder, frame) {
    const card = this.#template.content.firstElementChild.cloneNode(true);
    const [kill, back] = card.querySelectorAll('button');
    card.querySelector('h2').textContent = frame.short ?? frame.title;
    kill.textContent = frame.kill ?? 'Kill this tab';
    back.textContent = frame.back ?? 'Bring it back';
    kill.setAttribute('aria-label', `Kill this tab: ${frame.title}`);
    back.setAttribute('aria-label', `Bring it back: ${frame.title}`);
    const iframe = card.querySelector('iframe');
    iframe.title = frame.title;
    iframe.src = frame.address;

    const setAlive = isAlive => {
      kill.hidden = !isAlive;
      back.hidden = isAlive;
      card.querySelector('.killed').hidden = isAlive;
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
    holder.append(card);
  }
}

/** Gives each frame the height of what is in it, and hands on what it says else. */
export function onFrameMessage(onMessage) {
  addEventListener('message', ({ origin, source, data }) => {
    const iframe = [...document.querySelectorAll('iframe')].find(({ contentWindow }) => contentWindow === source);
    if (origin === location.origin && iframe) {
      if (data.height) {
        iframe.height = data.height;
      } else {
        onMessage(data);
      }
    }
  });
}

export const tellParent = message => parent.postMessage(message, location.origin);

/** In a frame: tells the page around it how high this one is. */
export function reportHeight(element) {
  new ResizeObserver(() => tellParent({ height: element.offsetHeight })).observe(element);
}
