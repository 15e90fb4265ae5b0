import { type AgentWords, agentWordsSchema } from '../domain/agent-words.ts';
import type { WordsRepository } from '../ports/store.ts';
import type { Database } from './database.ts';

export class Words implements WordsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(session: string): AgentWords | null {
    const sql = 'SELECT words FROM agent_words WHERE session = ?';
    const text = this.#database.read(() => this.#database.sqlite.prepare(sql).pluck().get(session));
    if (typeof text !== 'string') return null;
    const parsed = agentWordsSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  }

  set(session: string, words: AgentWords): void {
    this.#database.write(() =>
      this.#database.sqlite
        .prepare('INSERT INTO agent_words VALUES (?, ?) ON CONFLICT (session) DO UPDATE SET words = excluded.words')
        .run(session, JSON.stringify(words)),
    );
  }
}
