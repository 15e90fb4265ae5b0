import type { Scene } from './scene.ts';
import { key } from './terminal.ts';

export const small = { cols: 80, rows: 24 } as const;
export const large = { cols: 120, rows: 36 } as const;

const source = `#include <stdio.h>

/* Prices of the shop: 你好, ελληνικά, e\u0301, 👩‍🚀 and ❤️ . */
static const char *names[] = { "bread", "饼干", "naïve café", "🥖🧀" };

int main(int count, char **words) {
\tfor (int at = 0; at < 4; at++) {
\t\tprintf("%-12s %5.2f\\n", names[at], at * 1.25); // TODO: a table
\t}
\treturn count > 1 ? 0x1f : 0;
}
${Array.from({ length: 60 }, (_, at) => `// ${at + 1}: ${'word '.repeat(1 + ((at * 7) % 30))}`).join('\n')}
`;

const prose = Array.from({ length: 120 }, (_, at) =>
  at % 10 === 3
    ? `${at + 1}  宽字符 and 한국어 with ✓ and ❤️ beside a long line that goes on ${'and on '.repeat(14)}to its end`
    : `${at + 1}  \x1b[1;3${at % 8}mcoloured\x1b[0m and \x1b[4munderlined\x1b[24m, the \x1b[38;5;${(at * 7) % 256}mshop\x1b[m sells bread`,
).join('\n');

const vim: Scene = {
  name: 'vim',
  command: ['vim', '-N', '-n', '-i', 'NONE', '-u', 'rc.vim', 'shop.c'],
  files: {
    'shop.c': source,
    'rc.vim': [
      'set encoding=utf-8 termguicolors number ruler showcmd hlsearch incsearch laststatus=2 mouse=a background=dark',
      'set ttimeout ttimeoutlen=50 cursorline shortmess+=I',
      'let &t_SI = "\\e[6 q"',
      'let &t_EI = "\\e[2 q"',
      'filetype on',
      'syntax on',
    ].join('\n'),
  },
  size: small,
  steps: [
    { does: 'opens a file', shows: /include <stdio\.h>[\s\S]*shop\.c/ },
    { does: 'scrolls down', keys: ['\x04'], shows: /^ *11 }/m },
    { does: 'scrolls by lines', keys: ['\x05', '\x05'], shows: /^ *13 \/\//m },
    { does: 'goes back to the top', keys: ['gg'], shows: /include <stdio/ },
    { does: 'starts to insert', keys: ['3Go'], shows: /-- INSERT --/ },
    { does: 'inserts wide characters', keys: ['/* 漢字 한글 👩‍👩‍👧 ❤️ e\u0301 */'], shows: /INSERT[\s\S]*/ },
    { does: 'goes back to commands', keys: [key.escape], shows: /^((?!INSERT)[\s\S])*$/ },
    { does: 'searches', keys: ['/word', key.enter], shows: /\/word/ },
    { does: 'selects', keys: ['Vjjj'], shows: /-- VISUAL LINE --/ },
    { does: 'selects a block', keys: ['\x16', '8l'], shows: /-- VISUAL BLOCK --/ },
    { does: 'splits the window', keys: [key.escape, ':split', key.enter], shows: /shop\.c[\s\S]*shop\.c/ },
    { does: 'splits it again', keys: [':vsplit', key.enter, '\x17l'], shows: /shop\.c.*shop\.c/ },
    { does: 'scrolls one of them', keys: ['G'], shows: /60: / },
    { does: 'becomes larger', size: large, shows: /60: [\s\S]*shop\.c/ },
    { does: 'closes the others', keys: [':only', key.enter, 'gg'], shows: /include[\s\S]*16: / },
    { does: 'becomes smaller', size: small, shows: /include/ },
    { does: 'shows the help', keys: [':help motion.txt', key.enter], shows: /motion\.txt|E149|Sorry/ },
  ],
};

const less: Scene = {
  name: 'less',
  command: ['less', '-R', '-i', 'prose.txt'],
  files: { 'prose.txt': prose },
  env: { LESSHISTFILE: '-', LESS: '' },
  size: small,
  steps: [
    { does: 'opens a file', shows: /1 {2}coloured[\s\S]*prose\.txt/ },
    { does: 'pages', keys: [' '], shows: /^3\d {2}/m },
    { does: 'goes back a line', keys: ['k', 'k'], shows: /:$/m },
    { does: 'searches', keys: ['/shop', key.enter], shows: /the shop/ },
    { does: 'searches wide characters', keys: ['/宽字符', key.enter], shows: /字/ },
    { does: 'becomes larger', size: large, shows: /字/ },
    { does: 'cuts long lines', keys: ['-S', key.enter], shows: /hop|RETURN|:/i },
    { does: 'goes on', keys: [key.enter, 'G'], shows: /^120 {2}/m },
    { does: 'moves right', keys: [key.right], shows: /END|:/ },
    { does: 'moves back', keys: [key.left], shows: /^120 {2}/m },
    { does: 'becomes smaller', size: small, shows: /^\d+ {2}coloured/m },
  ],
};

const htop: Scene = {
  name: 'htop',
  needs: 'htop',
  // Of itself alone.
  command: ['sh', '-c', 'exec htop -d 100 --readonly -p $$'],
  env: { HTOPRC: '/dev/null' },
  size: small,
  // Its meters and figures are those of a moment.
  masks: [{ what: /.+/g, rows: /\[.*[\]%]|Tasks:|Load average|Uptime/ }, { what: /[\d.:,hMGKT%]+/g }],
  steps: [
    { does: 'starts', shows: /PID[\s\S]*F10/ },
    { does: 'shows its setup', keys: ['\x1bOQ'], shows: /Categories|Setup/ },
    { does: 'shows its colours', keys: [key.down, key.down, key.down], shows: /Color|Monochrome/i },
    { does: 'becomes larger', size: large, shows: /Categories|Setup/ },
    { does: 'goes back', keys: ['\x1b[21~'], shows: /PID[\s\S]*F10/ },
    { does: 'shows its help', keys: ['h'], shows: /Press any key to return/ },
    { does: 'goes back from the help', keys: [key.enter], shows: /PID[\s\S]*F10/ },
  ],
};

const nano: Scene = {
  name: 'nano',
  command: ['nano', '-I', '-l', 'shop.c'],
  files: { 'shop.c': source },
  size: small,
  steps: [
    { does: 'opens a file', shows: /GNU nano[\s\S]*include[\s\S]*Exit/ },
    { does: 'types wide characters', keys: ['漢字 ❤️ '], shows: /Modified/ },
    { does: 'pages', keys: ['\x16'], shows: /^ *\d+ \/\/ /m },
    { does: 'becomes larger', size: large, shows: /GNU nano/ },
    { does: 'asks for a word to find', keys: ['\x17'], shows: /Search/ },
    { does: 'finds it', keys: ['shop', key.enter], shows: /Prices of the shop/ },
    { does: 'becomes smaller', size: small, shows: /GNU nano/ },
  ],
};

const gitLog: Scene = {
  name: 'git-log',
  needs: 'git',
  command: ['sh', 'history.sh'],
  files: {
    'history.sh': `
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com
export GIT_AUTHOR_DATE='2026-01-02T03:04:05Z' GIT_COMMITTER_DATE='2026-01-02T03:04:05Z' GIT_CONFIG_NOSYSTEM=1 LESSHISTFILE=-
folder=$(mktemp -d "$PWD/XXXXXX") && cd "$folder"
git init -q -b main
commit() { git commit -q --allow-empty -m "$1"; }
commit 'The first 你好'
for at in 1 2 3 4 5 6; do
  git checkout -q -b "side-$at" && commit "Side $at: a line that is long enough to be cut at the edge of a small terminal, and then some" && commit "Side $at, again ❤️"
  git checkout -q main && commit "Main $at" && git merge -q --no-ff -m "Merge side $at" "side-$at"
done
git -c core.pager='less -RSX' -c color.ui=always log --graph --all --decorate --format='%C(auto)%h %C(bold blue)%an%C(reset)%C(auto)%d %s'
`,
  },
  size: small,
  steps: [
    { does: 'shows a graph', shows: /Merge side 6[\s\S]*:$/m },
    { does: 'pages', keys: [' '], shows: /The first|END/ },
    { does: 'searches', keys: ['g', '/Side 3', key.enter], shows: /Side 3/ },
    { does: 'becomes larger', size: large, shows: /Side 3/ },
    { does: 'goes to the end', keys: ['G'], shows: /The first/ },
  ],
};

const page = `.TH SHOP 1
.SH NAME
shop \\- sells bread
.SH SYNOPSIS
.B shop
[\\fIOPTION\\fR]... [\\fIWORD\\fR]...
.SH DESCRIPTION
${Array.from({ length: 30 }, (_, at) => `.TP\n\\fB\\-${at}\\fR\nSells \\fIbread\\fR ${'and more '.repeat(at)}.`).join('\n')}
`;

const man: Scene = {
  name: 'man',
  command: ['man', './shop.1'],
  files: { 'shop.1': page },
  env: { LESSHISTFILE: '-', MAN_KEEP_FORMATTING: '1' },
  size: small,
  steps: [
    { does: 'shows a page', shows: /NAME[\s\S]*Manual page/ },
    { does: 'searches', keys: ['/bread', key.enter], shows: /bread/ },
    { does: 'becomes larger', size: large, shows: /bread/ },
  ],
};

const top: Scene = {
  name: 'top',
  command: ['top', '-p', '1', '-d', '600'],
  size: small,
  masks: [{ what: /.+/g, rows: /load average|%Cpu|MiB|Tasks:/ }, { what: / *[\d.:]+/g }],
  steps: [
    { does: 'starts', shows: /PID USER/ },
    { does: 'shows its help', keys: ['h'], shows: /Help for Interactive Commands/ },
    { does: 'becomes larger', size: large, shows: /Help for Interactive Commands/ },
    { does: 'goes back', keys: [key.escape], shows: /PID USER/ },
    { does: 'colours', keys: ['z', 'b', 'x'], shows: /PID USER/ },
  ],
};

/** Programs that many machines have. */
export const scenes: readonly Scene[] = [vim, less, htop, nano, gitLog, man, top];

/** Those whose output is kept in test/fixtures/terminal-output. */
export const recordedScenes: readonly Scene[] = [vim, less, htop, gitLog];
