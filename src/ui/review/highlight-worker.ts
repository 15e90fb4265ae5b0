import { parentPort } from 'node:worker_threads';
import highlighter from 'highlight.js/lib/common';
import type { HighlightReply, HighlightRequest } from './highlight-thread.ts';
import { readHighlight } from './read-highlight.ts';

/** The thread that knows the colours of languages: some texts of some languages take it minutes, and then it is ended. */
parentPort?.on('message', ({ id, language, texts }: HighlightRequest) => {
  const isKnown = highlighter.getLanguage(language) !== undefined;
  const options = { language, ignoreIllegals: true };
  const spans = isKnown ? texts.map((text) => readHighlight(highlighter.highlight(text, options).value)) : [];
  const reply: HighlightReply = { id, spans };
  parentPort?.postMessage(reply);
});
