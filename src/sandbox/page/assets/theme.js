// Light or dark, as the system has it or as it was chosen; and time that stands still for pictures.

const root = document.documentElement;
const asked = new URLSearchParams(location.search);
const dark = matchMedia('(prefers-color-scheme: dark)');

const chosen = () => asked.get('theme') || localStorage.getItem('dipper-theme');
const apply = () => (root.dataset.theme = chosen() || (dark.matches ? 'dark' : 'light'));

apply();
dark.addEventListener('change', apply);
if (asked.has('still')) {
  root.dataset.still = '';
  root.dataset.now = asked.get('still');
}

/** The other one. */
export function toggleTheme() {
  asked.delete('theme');
  localStorage.setItem('dipper-theme', root.dataset.theme === 'dark' ? 'light' : 'dark');
  apply();
}
