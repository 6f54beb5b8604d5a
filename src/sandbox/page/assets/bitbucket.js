// The Bitbucket side: both editions, their repositories and pull requests, and what one can do there.

import { field, select } from './inputs.js';
import { pill } from './pill.js';
import { pullRequest } from './pullrequest.js';
import { h, patch } from './vdom.js';

/** Draws the pane; `show` and `showUrl` lead it to a pull request. */
export function mountBitbucket(root, store) {
  const look = { instance: 'cloud', repo: 'web/api', pr: null, form: null };
  const go = (to) => {
    Object.assign(look, { form: null }, to);
    draw();
    if ('pr' in to || 'form' in to) root.querySelector('[data-first]')?.focus();
  };
  const act = async (deed) => {
    const answer = await store.act({ do: 'bitbucket', instance: look.instance, repo: look.repo, ...deed });
    return answer.ok;
  };
  const draw = () => patch(root, pane({ state: store.state, me: store.person(store.me)?.name, look, go, act }));
  store.subscribe(draw);
  draw();
  return {
    show: (instance, repo, pr) => go({ instance, repo, pr }),
    showUrl: (url) => showUrl(store.state, url, go),
  };
}

function showUrl(state, url, go) {
  for (const { instance, repositories } of state.bitbucket) {
    for (const repo of repositories) {
      const pr = repo.pull_requests.find((it) => url === it.url || url.startsWith(`${it.url}/`));
      if (pr) {
        document.documentElement.dataset.pane = 'side';
        go({ instance, repo: repo.name, pr: pr.id });
        return true;
      }
    }
  }
  return false;
}

function pane(view) {
  const { state, look } = view;
  const edition = state.bitbucket.find((it) => it.instance === look.instance);
  const repo = edition.repositories.find((it) => it.name === look.repo) || edition.repositories[0];
  const pr = repo?.pull_requests.find((it) => it.id === look.pr);
  return [
    h('header.bb-head', {}, logo(), h('h2', {}, 'Bitbucket'), editions(view)),
    repo && h('div.bb-body', { key: `${look.instance}/${repo.name}/${pr?.id ?? ''}` }, pr ? pullRequest(view, repo, pr) : repository(view, edition, repo)),
  ];
}

const logo = () =>
  h('svg.bb-logo', { viewBox: '0 0 24 24', width: 22, height: 22, 'aria-hidden': 'true' },
    h('path', { d: 'M2.6 3a.8.8 0 0 0-.8.9l2.9 16.3c.1.5.5.8 1 .8h13c.4 0 .7-.3.8-.6L22.2 4a.8.8 0 0 0-.8-.9zm11.6 12H9.9L8.7 9h6.7z', fill: 'currentColor' }));

function editions({ state, look, go }) {
  const choose = (it) => go({ instance: it.instance, repo: it.repositories[0]?.name, pr: null });
  return h(
    'div.bb-editions',
    { role: 'group', 'aria-label': 'Edition' },
    state.bitbucket.map((it) =>
      h('button', { key: it.instance, type: 'button', 'aria-pressed': String(it.instance === look.instance), 'data-instance': it.instance, onclick: () => choose(it) }, it.title.replace('Bitbucket ', '')),
    ),
  );
}

function repository(view, edition, repo) {
  const { look, go } = view;
  const open = repo.pull_requests.filter((it) => it.state === 'open').length;
  const names = edition.repositories.map((it) => [it.name, it.name]);
  return [
    h(
      'div.bb-repo',
      {},
      h('label.away', { for: 'bb-repo' }, 'Repository'),
      select({ id: 'bb-repo', value: repo.name, options: names, 'data-test': 'repo', onchange: (event) => go({ repo: event.target.value, pr: null }) }),
      h('button.bb-quiet', { type: 'button', 'aria-expanded': String(look.form === 'push'), 'data-test': 'push', onclick: () => go({ form: look.form === 'push' ? null : 'push' }) }, 'Push'),
      h('button.bb-main', { type: 'button', 'aria-expanded': String(look.form === 'open'), 'data-test': 'open', onclick: () => go({ form: look.form === 'open' ? null : 'open' }) }, 'Create'),
    ),
    look.form === 'open' && openForm(view, repo),
    look.form === 'push' && pushForm(view, repo),
    h('h3.bb-count', {}, `Pull requests · ${open} open`),
    h('ul.bb-list', {}, repo.pull_requests.map((pr) => row(pr, go))),
  ];
}

function row(pr, go) {
  const approvals = pr.reviewers.filter((it) => it.verdict === 'approved').length;
  const wantsWork = pr.reviewers.some((it) => it.verdict === 'needs_work');
  return h(
    'li',
    { key: String(pr.id) },
    h(
      'button.bb-row',
      { type: 'button', 'data-pr': String(pr.id), onclick: () => go({ pr: pr.id }) },
      h('span.bb-row-title', {}, h('b', {}, pr.title), pill(pr)),
      h('span.bb-row-more', {}, `#${pr.id} · ${pr.author} · ${pr.from} → ${pr.into}`),
      h('span.bb-row-more', {}, builds(pr), ` · ${pr.reviewers.length ? `${approvals} of ${pr.reviewers.length} approved` : 'no reviewers'}`, wantsWork && ' · needs work', pr.comments.length > 0 && ` · ${pr.comments.length} comment${pr.comments.length > 1 ? 's' : ''}`),
    ),
  );
}

function builds(pr) {
  if (pr.builds.length === 0) return 'no builds';
  const bad = pr.builds.find((it) => it.state === 'failed') || pr.builds.find((it) => it.state === 'running');
  const state = bad?.state || 'passed';
  return h(`span.bb-build.is-${state}`, {}, `${pr.builds.filter((it) => it.state === 'passed').length}/${pr.builds.length} builds passed`);
}

/** A form that acts and closes. */
function form(view, title, fields, button, deed) {
  const submit = async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.target));
    if (await view.act(deed(values))) view.go({ form: null });
  };
  return h('form.bb-form', { 'aria-label': title, onsubmit: submit, key: title }, h('h3', {}, title), fields, h('div.bb-deeds', {}, h('button.bb-main', {}, button), h('button.bb-quiet', { type: 'button', onclick: () => view.go({ form: null }) }, 'Cancel')));
}

function openForm(view, repo) {
  const taken = new Set(repo.pull_requests.filter((it) => it.state === 'open').map((it) => it.from));
  const ready = repo.branches.filter((it) => it.ahead > 0 && !taken.has(it.name)).map((it) => [it.name, it.name]);
  if (ready.length === 0) return h('p.bb-note', { key: 'none' }, 'Every branch has its pull request; push to a new one first.');
  const fields = [
    field('Source branch', select({ name: 'from', options: ready, 'data-first': '' })),
    field('Into', select({ name: 'into', value: repo.main, options: repo.branches.map((it) => [it.name, it.name]) })),
    field('Title', h('input', { name: 'title', required: true, maxlength: 255, autocomplete: 'off' })),
  ];
  return form(view, 'Create a pull request', fields, 'Create', (values) => ({ deed: 'open', ...values }));
}

function pushForm(view, repo) {
  const fields = [
    field('Branch', h('input', { name: 'branch', required: true, list: 'bb-branches', autocomplete: 'off', 'data-first': '' })),
    h('datalist', { id: 'bb-branches' }, repo.branches.map((it) => h('option', { value: it.name, key: it.name }))),
    field('Commit message', h('input', { name: 'message', required: true, autocomplete: 'off' })),
  ];
  return form(view, 'Push a commit', fields, 'Push', (values) => ({ deed: 'push', ...values }));
}
