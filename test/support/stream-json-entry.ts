import { spawn } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A program that speaks Claude Code's stream-json and does what the first word of a prompt says. Each prompt is a line of JSON in
 * CHAT_LOG, and so are its arguments and the pid of a tool that it left running.
 */
const log = (line: object) => appendFileSync(process.env.CHAT_LOG ?? '', `${JSON.stringify(line)}\n`);
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
let calls = 0;
let isStopped = false;
let circling: NodeJS.Timeout | null = null;

log({ args: process.argv.slice(2) });

function answer(text: string): void {
  const message = { id: `${process.pid}-${++calls}`, model: 'fake-1', usage: {} };
  say({ type: 'stream_event', event: { type: 'message_start', message } });
  say({ type: 'stream_event', event: { type: 'content_block_start', content_block: { type: 'text' } } });
  for (let at = 0; at < text.length; at += 1_000) {
    const delta = { type: 'text_delta', text: text.slice(at, at + 1_000) };
    say({ type: 'stream_event', event: { type: 'content_block_delta', delta } });
  }
  const usage = { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 3 };
  say({ type: 'stream_event', event: { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage } });
  end({ is_error: false, terminal_reason: 'completed' });
}

const end = (how: object) => say({ type: 'result', subtype: 'success', uuid: `${process.pid}-end-${calls}`, ...how });

/** Does the same again and again, until it is stopped. */
function circle(): void {
  circling = setInterval(() => {
    const id = `tool-${++calls}`;
    const content = [{ type: 'tool_use', id, name: 'Bash', input: { command: 'ls oven' } }];
    say({ type: 'assistant', message: { id: `m-${id}`, model: 'fake-1', content } });
    const result = { type: 'tool_result', tool_use_id: id, content: 'There is no error here: the oven is empty.' };
    say({ type: 'user', message: { content: [result] } });
  }, 100);
}

/** What a first word makes it do; any other is answered with itself. */
const deeds: Record<string, (prompt: string) => void> = {
  ask: () =>
    say({
      type: 'control_request',
      request_id: 'q1',
      request: { subtype: 'can_use_tool', tool_name: 'Bash', input: { command: 'rm \x1b[31m-rf' } },
    }),
  hang: () => {},
  circle: (prompt) => {
    writeFileSync('burnt.txt', 'burnt');
    // Whoever takes over is told why.
    if (prompt.includes('could not go on')) answer('I bake in another way.');
    else circle();
  },
  // What it is told when it seems to be stuck, and when it goes on.
  You: (prompt) => (process.env.CIRCLES === 'always' ? circle() : answer(`You said ${prompt.slice(0, 200)}`)),
  crash: () => {
    process.stderr.write('first words\nthe memory ran out\n');
    process.exit(3);
  },
  tool: () => {
    const tool = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    log({ tool: tool.pid });
  },
  flood: () => answer(Array.from({ length: 20_000 }, (_, at) => `line ${at} 表🙂`).join('\n')),
  evil: () => answer('\x1b[2J\x1b]0;owned\x07\x1b]7501;state=done:app=x\x1b\\ the \u202eend'),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { type, message, request, response, request_id } = JSON.parse(line);
  if (type === 'user') {
    log({ prompt: message.content });
    isStopped = false;
    const deed = deeds[message.content.split(/\s/)[0]];
    if (deed) deed(message.content);
    else answer(`You said ${message.content.slice(0, 200)}`);
  } else if (type === 'control_response') {
    if (response.response.interrupt) end({ is_error: true, terminal_reason: 'aborted_tools' });
    else answer(response.response.behavior === 'allow' ? 'It ran.' : 'It did not run.');
  } else if (request.subtype === 'interrupt' && !isStopped) {
    isStopped = true;
    if (circling) clearInterval(circling);
    say({ type: 'control_response', response: { subtype: 'success', request_id } });
    // It had just finished.
    if (circling && process.env.CIRCLES === 'late') answer('The oven is empty, so I am done.');
    else end({ is_error: true, terminal_reason: 'aborted_streaming' });
  }
});
