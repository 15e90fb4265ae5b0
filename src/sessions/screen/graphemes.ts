/**
 * @xterm/addon-unicode-graphemes 0.4.0 reads its table from the start of the memory that `Buffer.from` gives: from that of
 * whatever was there before, where buffers share a pool. It then fails, or takes wrong widths. So it is loaded without a pool.
 */
const { poolSize } = Buffer;
Buffer.poolSize = 0;
const addon = await import('@xterm/addon-unicode-graphemes').finally(() => {
  Buffer.poolSize = poolSize;
});

export const { UnicodeGraphemesAddon } = addon;
