// What this window knows: the newest state, who looks, and where; and how it acts.

const asked = new URLSearchParams(location.search);

/** Opens a window onto the world; resolves when the first state is there. */
export async function openStore() {
  const store = new Store();
  store.grammar = await (await fetch('/grammar')).json();
  await store.follow(asked.get('as') || sessionStorage.getItem('dipper-as') || '');
  store.look = { channel: store.firstChannel(), thread: null };
  return store;
}

class Store {
  state = null;
  look = { channel: null, thread: null };
  #listeners = new Set();
  #source = null;

  get me() {
    return this.state.me;
  }

  /** Calls `listener(state, before)` after each new state and whenever this window looks elsewhere. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  person(id) {
    return this.state.people.find((it) => it.id === id);
  }

  channel(id) {
    return this.state.channels.find((it) => it.id === id);
  }

  /** Looks at another channel or thread. */
  show({ channel = this.look.channel, thread = null }) {
    if (channel === this.look.channel && thread === this.look.thread) return;
    this.look = { channel, thread };
    const shown = this.channel(channel);
    history.replaceState(null, '', shown?.name ? `#${shown.name}` : location.pathname + location.search);
    this.#tell(this.state);
  }

  /** Is somebody else from now on. */
  async become(id) {
    if (id === this.me) return;
    sessionStorage.setItem('dipper-as', id);
    forget('as');
    this.look = { ...this.look, thread: null };
    await this.follow(id);
  }

  /** Does something as whoever looks. An answer always comes; what could not be done is shown as well. */
  async act(deed, { quiet = false } = {}) {
    const answer = await send({ as: this.me, ...deed });
    if (!answer.ok && !quiet) this.toast(answer.why);
    return answer;
  }

  /** Says something in passing. */
  toast(text) {
    const note = document.createElement('p');
    note.textContent = text;
    document.getElementById('toasts').append(note);
    setTimeout(() => note.remove(), 6000);
  }

  firstChannel() {
    const named = (name) => this.state.channels.find((it) => it.name && it.name === name);
    const wanted = decodeURIComponent(location.hash.slice(1)) || asked.get('channel');
    return (named(wanted) || named('web') || this.state.channels[0])?.id ?? null;
  }

  /** Follows the world as this person sees it; resolves with the first state. */
  follow(who) {
    this.#source?.close();
    const source = new EventSource(`/events${who ? `?as=${encodeURIComponent(who)}` : ''}`);
    this.#source = source;
    return new Promise((resolve) => {
      source.addEventListener('state', (event) => {
        if (source !== this.#source) return;
        this.#take(JSON.parse(event.data));
        document.documentElement.dataset.live = 'yes';
        resolve();
      });
      source.addEventListener('error', () => {
        document.documentElement.dataset.live = 'no';
        // Somebody of another world, remembered from an earlier demo.
        if (who && source.readyState === EventSource.CLOSED) {
          sessionStorage.removeItem('dipper-as');
          resolve(this.follow(''));
        }
      });
    });
  }

  #take(state) {
    const before = this.state;
    this.state = state;
    if (this.look.channel && !this.channel(this.look.channel)) {
      // Whoever was reading a direct message goes on in their own with the same person.
      const { with: other } = before.channels.find((it) => it.id === this.look.channel);
      const own = other && state.channels.find((it) => it.with === other);
      this.look = { channel: own?.id ?? this.firstChannel(), thread: null };
    }
    this.#tell(before);
  }

  #tell(before) {
    this.#listeners.forEach((listener) => listener(this.state, before));
  }
}

/** Takes a wish out of the address, so that loading the page again does not repeat it. */
function forget(wish) {
  const address = new URL(location.href);
  address.searchParams.delete(wish);
  history.replaceState(null, '', address);
}

async function send(body) {
  try {
    const response = await fetch('/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return await response.json();
  } catch {
    return { ok: false, why: 'The demo does not answer. Is it still running?' };
  }
}
