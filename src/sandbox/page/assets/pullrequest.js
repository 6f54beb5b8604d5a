// One pull request on the Bitbucket side: who thinks what of it, and what one can do with it.

import { avatar } from './avatar.js';
import { icon } from './icons.js';
import { pill } from './pill.js';
import { h } from './vdom.js';

/** All of it. */
export function pullRequest(view, repo, pr) {
  const { go } = view;
  return [
    h('button.bb-back', { type: 'button', onclick: () => go({ pr: null }), 'data-first': '' }, icon('left', 16), repo.name),
    h('h3.bb-title', {}, `#${pr.id} ${pr.title}`),
    h('p.bb-meta', {}, pill(pr), h('span', {}, `${pr.author}: `, h('code', {}, pr.from), ' → ', h('code', {}, pr.into))),
    pr.closed_by && h('p.bb-note', {}, `${pr.state === 'merged' ? 'Merged' : 'Declined'} by ${pr.closed_by}.`),
    pr.state === 'open' && deeds(view, pr),
    pr.obstacles.length > 0 && h('p.bb-note', {}, `Not to be merged yet: ${pr.obstacles.join(', ')}.`),
    pr.description && h('p.bb-text', {}, pr.description),
    part('Reviewers', pr.reviewers.length ? h('ul.bb-people', {}, pr.reviewers.map(reviewer)) : h('p.bb-note', {}, 'Nobody was asked.')),
    part('Builds', builds(view, pr)),
    part('Comments', comments(view, pr)),
    part('Commits', h('ul.bb-commits', {}, pr.commits.map(commit)), pr.state === 'open' && pushMore(view, pr)),
  ];
}

const part = (title, ...inside) => h('section.bb-part', { key: title, 'aria-label': title }, h('h4', {}, title), inside);

const deed = (view, name, pr, label, kind = 'bb-quiet') =>
  h(`button.${kind}`, { key: name, type: 'button', 'data-deed': name, onclick: () => view.act({ deed: name, pr: pr.id }) }, label);

function deeds(view, pr) {
  const mine = pr.reviewers.find((it) => it.name === view.me)?.verdict;
  return h(
    'div.bb-deeds',
    {},
    mine === 'approved' ? deed(view, 'unapprove', pr, 'Take approval back') : deed(view, 'approve', pr, 'Approve'),
    mine === 'needs_work' ? deed(view, 'unapprove', pr, 'Withdraw “needs work”') : deed(view, 'needs_work', pr, 'Needs work'),
    deed(view, 'merge', pr, 'Merge', 'bb-main'),
    deed(view, 'decline', pr, 'Decline'),
  );
}

const VERDICTS = { approved: 'approved', needs_work: 'wants changes', none: 'has not looked yet' };

const reviewer = (it) =>
  h('li', { key: it.name }, avatar(it, 22), h('span', {}, it.name), h(`span.bb-verdict.is-${it.verdict}`, {}, VERDICTS[it.verdict]));

function builds(view, pr) {
  const set = (state) => () => view.act({ deed: 'build', pr: pr.id, name: 'test', state });
  return [
    h('ul.bb-builds', {}, pr.builds.map((it) => h('li', { key: it.name }, h(`span.bb-dot.is-${it.state}`, { 'aria-hidden': 'true' }), `${it.name}: ${it.state}`))),
    pr.state === 'open' &&
      h('div.bb-deeds', {}, h('button.bb-quiet', { type: 'button', 'data-deed': 'fail', onclick: set('failed') }, 'Fail the build'), h('button.bb-quiet', { type: 'button', 'data-deed': 'pass', onclick: set('passed') }, 'Pass it')),
  ];
}

function comments(view, pr) {
  return [
    h('ul.bb-comments', {}, pr.comments.map((it) => h('li', { key: String(it.id) }, avatar({ name: it.by }, 22), h('div', {}, h('b', {}, it.by), h('p', {}, it.text))))),
    pr.state === 'open' && line(view, 'Write a comment', 'Comment', (text) => ({ deed: 'comment', pr: pr.id, text })),
  ];
}

const commit = (it) => h('li', { key: it.id }, h('code', {}, it.id), h('span', {}, it.message), h('small', {}, it.by));

const pushMore = (view, pr) => line(view, 'Commit message', 'Push', (message) => ({ deed: 'push', branch: pr.from, message }));

/** One line to write, and a button. */
function line(view, label, button, made) {
  const submit = async (event) => {
    event.preventDefault();
    const input = event.target.elements[0];
    if (await view.act(made(input.value))) input.value = '';
  };
  return h('form.bb-line', { key: label, onsubmit: submit }, h('input', { 'aria-label': label, placeholder: label, required: true, autocomplete: 'off' }), h('button.bb-quiet', {}, button));
}
