import { appendFileSync } from 'node:fs';

/**
 * A chat program to send prompts to. Each prompt that it takes is a line of JSON in CHAT_LOG, and so is whatever is typed into
 * its dialog. A prompt that begins with "ask" brings a dialog up, which `1` allows.
 */
const flag = (name: string) => process.env[`CHAT_${name}`] ?? '';
const startMs = Number(flag('START_MS') || 0);
const answerMs = Number(flag('ANSWER_MS') || 150);
const hasSignals = flag('SIGNALS') !== 'no';
const takesPastes = flag('PASTES') !== 'no';
const echoes = flag('ECHO') !== 'no';
let pastesToDrop = Number(flag('DROPS_PASTES') || 0);
let entersToDrop = Number(flag('DROPS_ENTERS') || 0);

let input = '';
/** What is shown in place of a long paste. */
let shown = '';
let history = ['ready when you are'];
let state: 'idle' | 'busy' | 'dialog' = 'idle';
let isPasting = false;
let pasted = '';

const log = (line: object) => appendFileSync(flag('LOG'), `${JSON.stringify(line)}\n`);
const say = (word: string) => hasSignals && process.stdout.write(`\x1b]7501;state=${word}:app=chat\x1b\\`);

function draw(): void {
  const lines = state === 'dialog' ? ['Allow it?', ' 1. Yes  '] : ['', `› ${echoes ? shown : ''}`];
  const text = [...history.slice(-8).map((line) => line.slice(0, 60)), ...lines.join('\n').split('\n')];
  process.stdout.write(`\x1b[H\x1b[2J${text.slice(-20).join('\r\n')}`);
}

function submit(): void {
  if (entersToDrop > 0) {
    entersToDrop--;
    return;
  }
  if (input === '') return;
  log({ prompt: input });
  const isQuestion = input.startsWith('ask');
  history = [...history, `you: ${input.split('\n').at(-1)}`];
  input = shown = '';
  state = isQuestion ? 'dialog' : 'busy';
  say(isQuestion ? 'blocked' : 'working');
  if (!isQuestion) setTimeout(answer, answerMs);
}

function answer(): void {
  history = [...history, 'an answer'];
  state = 'idle';
  say('done');
  draw();
}

function key(letter: string): void {
  if (state === 'dialog') {
    log({ dialog: letter });
    if (letter !== '1') return;
    state = 'busy';
    say('working');
    setTimeout(answer, answerMs);
  } else if (letter === '\r') submit();
  else if (letter === '\x15') input = shown = '';
  else if (letter === '\x7f') input = shown = input.slice(0, -1);
  else if (letter === '\x17') input = shown = input.replace(/\S+\s*$/, '');
  else if (letter >= ' ') {
    input += letter;
    shown += letter;
  }
}

function endPaste(): void {
  isPasting = false;
  if (state === 'dialog') log({ dialog: pasted });
  else if (pastesToDrop > 0) pastesToDrop--;
  else {
    const lines = pasted.split('\n').length;
    input += pasted;
    shown += pasted.length > 500 || lines > 10 ? `[Pasted text #1 +${lines} lines]` : pasted;
  }
  pasted = '';
}

let unread = '';
function read(chunk: string): void {
  unread += chunk;
  while (unread !== '') {
    const mark = isPasting ? '\x1b[201~' : '\x1b[200~';
    if (isPasting) {
      const end = unread.indexOf(mark);
      const taken = end < 0 ? Math.max(0, unread.length - mark.length) : end;
      pasted += unread.slice(0, taken);
      unread = unread.slice(taken);
      if (end < 0) break;
      unread = unread.slice(mark.length);
      endPaste();
    } else if (takesPastes && unread.startsWith(mark)) {
      unread = unread.slice(mark.length);
      isPasting = true;
    } else {
      key(unread[0] ?? '');
      unread = unread.slice(1);
    }
  }
  draw();
}

setTimeout(() => {
  process.stdin.setRawMode(true);
  process.stdin.setEncoding('utf8').on('data', read);
  if (takesPastes) process.stdout.write('\x1b[?2004h');
  draw();
  say('idle');
}, startMs);
