#!/usr/bin/env node
/**
 * Reads the facts of one agency and service, and proves that none was missed.
 *
 *     npm ci
 *     retainer events user nordlicht                # prints url, user and password of a subscriber
 *     node subscriber.js nats://127.0.0.1:4222 billing nordlicht --user nordlicht~main --password PASSWORD
 *
 * Each message numbers the facts of its agency and service: 1, 2, 3 … without a gap. Who has seen the one before has
 * missed nothing. The place is kept in a file after each fact, so that a restart goes on there. Ends with status 3 where
 * facts are missing.
 */

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";

const API_PREFIX = "house.api";
const CONSUMER_NOT_FOUND = 10014;
const MISSED = 3;

class Missed extends Error {}

/** Where we are: the epoch and number of the last fact seen, and its place in the stream. */
class Notebook {
  constructor(path) {
    this.path = path;
    let kept = {};
    try {
      kept = JSON.parse(readFileSync(path, "utf8"));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
    this.source = kept.source ?? "";
    this.number = kept.number ?? 0;
    this.sequence = kept.sequence ?? 0;
    this.seen = kept.seen ?? 0;
  }

  /** True for a fact that is new; throws Missed where one before it was never seen. */
  note(message, anyFirst) {
    const number = Number(message.headers.get("Retainer-Agency-Sequence"));
    const source = message.headers.get("ce-source");
    const beginning = this.seen === 0 && anyFirst;
    if (this.source && this.source !== source) {
      console.error(`${source} is a new epoch: the store was restored, numbers go on from ${number}`);
    } else if (number <= this.number) {
      return false; // seen already: a stream that was made anew tells again
    } else if (number !== this.number + 1 && !beginning) {
      throw new Missed(`this is fact ${number} of the agency, and the last one seen was ${this.number}`);
    }
    Object.assign(this, { source, number, sequence: message.seq, seen: this.seen + 1 });
    return true;
  }

  keep() {
    const { path, ...place } = this;
    writeFileSync(`${path}.new`, JSON.stringify(place));
    renameSync(`${path}.new`, path);
  }
}

/** Where a consumer begins: after what was seen, else where the caller says. */
function beginning(notebook, from) {
  if (notebook.sequence > 0) return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: notebook.sequence + 1 };
  if (from === "beginning") return { deliver_policy: DeliverPolicy.All };
  if (from === "now") return { deliver_policy: DeliverPolicy.New };
  if (/^\d+$/.test(from)) return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: Number(from) };
  const instant = new Date(from);
  if (Number.isNaN(instant.getTime())) throw new Error("--from takes beginning, now, a sequence or an ISO instant");
  return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: instant.toISOString() };
}

async function follow(said, notebook) {
  const connection = await connect({ servers: said.url, user: said.user, pass: said.password });
  try {
    const manager = await jetstreamManager(connection, { apiPrefix: API_PREFIX, checkAPI: false });
    const stream = `retainer-${said.service}`;
    try {
      await manager.consumers.delete(stream, said.user);
    } catch (error) {
      if (error.code !== CONSUMER_NOT_FOUND) throw error;
    }
    await manager.consumers.add(stream, {
      name: said.user, // the one consumer that we may have
      filter_subject: `retainer.${said.agency.replaceAll(".", "%2E")}.>`,
      ack_policy: AckPolicy.None,
      inactive_threshold: 300 * 1_000_000_000,
      ...beginning(notebook, said.from),
    });
    const consumer = await jetstream(connection, { apiPrefix: API_PREFIX }).consumers.get(stream, said.user);
    console.error(`reading ${stream} from ${notebook.sequence ? `after ${notebook.sequence}` : said.from}`);
    while (!said.until || notebook.seen < said.until) {
      for await (const message of await consumer.fetch({ max_messages: 100, expires: 5000 })) {
        if (!notebook.note(message, said.from !== "beginning")) continue;
        console.log(notebook.number, message.headers.get("ce-type"), message.headers.get("ce-subject"));
        notebook.keep();
        if (said.until && notebook.seen >= said.until) break;
      }
    }
  } finally {
    await connection.close();
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    user: { type: "string" },
    password: { type: "string" },
    from: { type: "string", default: "beginning" },
    until: { type: "string", default: "0" },
    notebook: { type: "string" },
  },
});
const [url, service, agency] = positionals;
if (!url || !service || !agency || !values.user) {
  console.error("usage: node subscriber.js URL SERVICE AGENCY --user USER --password PASSWORD");
  console.error("       [--from beginning|now|SEQUENCE|INSTANT] [--until NUMBER] [--notebook FILE]");
  process.exit(2);
}
const notebook = new Notebook(values.notebook ?? `${agency}.${service}.place.json`);
try {
  await follow({ ...values, url, service, agency, until: Number(values.until) }, notebook);
  console.log(`${notebook.seen} facts up to number ${notebook.number}, none missed`);
} catch (error) {
  console.error(error instanceof Missed ? `facts are missing: ${error.message}` : String(error));
  process.exitCode = error instanceof Missed ? MISSED : 1;
}
