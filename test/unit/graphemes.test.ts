import { expect, test } from 'vitest';

// Nothing here may load the emulator before the test: the table of widths is read once a process.
test('the widths of characters do not depend on what small buffers held before', async () => {
  const { poolSize } = Buffer;
  // Room for the table in the pool, behind bytes that are not its own.
  Buffer.poolSize = 1_000_000;
  Buffer.from('\0'.repeat(100_000), 'latin1');
  Buffer.from('\0'.repeat(64), 'latin1');
  const { Emulator } = await import('../../src/sessions/screen/emulator.ts');
  Buffer.poolSize = poolSize;
  const screen = new Emulator(20, 1, { isEager: true });
  screen.write('a饼🎉e\u0301');
  expect(screen.cursor.x).toBe(6);
});
