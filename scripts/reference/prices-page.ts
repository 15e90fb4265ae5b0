import { pricesReadOn, priceTable } from '../../src/domain/price-table.ts';
import { code, page, table } from './markdown.ts';

export function pricesPage(): string {
  const usd = (amount: number | null) => (amount === null ? 'not known' : `$${amount}`);
  const rows = priceTable.flatMap(({ models, longPrompt, ...rates }) =>
    [
      { when: '', ...rates },
      ...(longPrompt
        ? [{ when: `, prompts of more than ${longPrompt.above.toLocaleString('en')}`, ...longPrompt }]
        : []),
    ].map(({ when, input, output, cacheRead, cacheWrite }) => [
      `${models.map(code).join(', ')}${when}`,
      ...[input, output, cacheRead, cacheWrite].map(usd),
    ]),
  );
  return page(
    'Prices',
    'src/domain/price-table.ts',
    `US dollars per million tokens, as the providers documented them; read on ${pricesReadOn}. They are used for agents that tell tokens and no money, and what comes of them is marked as an estimate. A date or ${code('[1m]')} at the end of a model's name changes nothing; any other name is another model. A model that is not here has no known price: name one in [the settings](settings.md) (${code('prices')}), which win over this table.`,
    table(['model', 'input', 'output', 'from cache', 'into cache'], rows),
    'Not in it: discounts, faster or regional service, longer retention of what is cached, tools that are paid by call, and what a subscription costs.',
  );
}
