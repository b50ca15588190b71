/** From a request to its answer: over the network, or by the handlers in this process. The request's host is no one's. */
export type Transport = (request: Request) => Promise<Response>;

/** Whom a command speaks to. */
export type Connection = {
  send: Transport;
  /** Who that is, as a sentence without credentials. */
  introduction: string;
  /** True where the work is done in this process. */
  isLocal: boolean;
  /** Works on a rebuild or a seal on which nobody works. An app's processes do so by themselves. */
  continueSweep: (runId: string) => void;
  /** Lets a run in this process end after its batch. An app's run goes on. */
  stop: () => void;
  /** Waits for what is at work in this process, and closes the database. */
  close: () => Promise<void>;
};

/** Requests are made for this host, which a transport replaces by its own. */
export const nobody = "http://rollup.invalid";
