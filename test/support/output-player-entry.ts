// Writes a recorded output to its terminal: the first part at once, each next one when the terminal has its size.
import { readRecordedOutput } from './recorded-output.ts';

const parts = readRecordedOutput(process.argv[2] ?? '');
process.stdin.setRawMode(true);
process.stdin.resume();

function play(): void {
  const [next] = parts;
  if (next && process.stdout.columns === next.cols && process.stdout.rows === next.rows) {
    parts.shift();
    process.stdout.write(next.output);
  }
}
process.stdout.on('resize', play);
play();
