// Joins the page: theme, store, the bar, Slack, Bitbucket and the guide.

import './theme.js';
import { mountBitbucket } from './bitbucket.js';
import { mountGuide } from './guide.js';
import { mountShell } from './shell.js';
import { mountSlack } from './slack.js';
import { openStore } from './store.js';

const at = (id) => document.getElementById(id);

const store = await openStore();
mountSlack(at('slack'), store);
const bitbucket = mountBitbucket(at('bitbucket'), store);
mountShell(at('bar'), store);
mountGuide(at('guide'), store, bitbucket);

/** A channel is read by whoever looks at it. */
function read() {
  const channel = store.channel(store.look.channel);
  if (channel?.unread && document.hasFocus()) store.act({ do: 'read', channel: channel.id }, { quiet: true });
}

store.subscribe(read);
addEventListener('focus', read);
read();

// A link to a pull request leads to the pane beside, not away.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href]');
  if (link && !event.metaKey && !event.ctrlKey && bitbucket.showUrl(link.href)) event.preventDefault();
});

document.documentElement.dataset.ready = '';
