import { Bell, leaderOf } from "./bell.ts";
import type { Answer, Envelope, Welcome } from "./envelope.ts";
import { nodeThreads } from "./thread.ts";

/** What a thread does for its pool. */
export interface Crew {
  /** Handles a message and returns the answer; `tell` sends news before it. */
  receive(body: unknown, tell: (news: unknown) => void): unknown;
  /** Does its part of a job as member `member`, from 1, of the leader's crew. */
  work(job: number, member: number): void;
}

export interface Place {
  readonly bell: Bell;
  readonly thread: number;
  readonly threads: number;
}

/** Serves the pool that started this thread, until it is ended. */
export function servePool(join: (place: Place) => Crew): void {
  const port = openPort();
  let crew: Crew | undefined;
  let place: Place;
  let handled = 0;
  let seen = 0;

  port.listen(({ id, body }) => {
    try {
      let result: unknown;
      if (crew === undefined) {
        place = placeOf(body as Welcome);
        crew = join(place);
      } else {
        result = crew.receive(body, (news) => port.post({ id, news }));
      }
      port.post({ id, result });
    } catch (error) {
      port.post({ id, failure: messageOf(error) });
    }
    handled++;
    serve();
  });

  /** Does jobs until a message is on its way, which only the event loop delivers. */
  function serve(): void {
    const { bell, thread } = place;
    for (;;) {
      const { rings, jobs } = bell;
      if (bell.mail(thread) !== handled) return;
      if (jobs === seen) bell.listen(rings);
      else {
        seen = jobs;
        if (leaderOf(jobs) < thread) work(jobs);
      }
    }
  }

  function work(jobs: number): void {
    const { bell, thread } = place;
    try {
      crew!.work(bell.job, thread - leaderOf(jobs));
    } catch (error) {
      bell.fail(messageOf(error));
    } finally {
      bell.done(thread, jobs);
    }
  }
}

function placeOf({ threads, spins, buffer, thread }: Welcome): Place {
  return { bell: new Bell(threads, spins, buffer), thread, threads };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

interface Port {
  post(answer: Answer): void;
  listen(onMessage: (envelope: Envelope) => void): void;
}

/** The line to the thread that started this one. */
function openPort(): Port {
  const parent = nodeThreads()?.parentPort;
  if (parent) {
    return { post: (answer) => parent.postMessage(answer), listen: (onMessage) => parent.on("message", onMessage) };
  }
  const scope = globalThis as unknown as Pick<Worker, "postMessage" | "addEventListener">;
  return {
    post: (answer) => scope.postMessage(answer),
    listen: (onMessage) => scope.addEventListener("message", ({ data }) => onMessage(data)),
  };
}
