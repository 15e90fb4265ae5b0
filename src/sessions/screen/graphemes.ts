/**
 * @xterm/addon-unicode-graphemes 0.4.0 reads its table from the start of the memory that `Buffer.from` gives: from that of
 * whatever was there before, where buffers share a pool. It then fails, or takes wrong widths. So it is loaded without a pool.
 */
import './without-pool.ts';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import './with-pool.ts';

export { UnicodeGraphemesAddon };
