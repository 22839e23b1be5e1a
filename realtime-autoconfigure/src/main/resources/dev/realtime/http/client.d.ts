// SPDX-License-Identifier: Apache-2.0
// Typings of client.js.

/** A value, or a promise of one. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Why something failed. Codes below 100 are the client's own: 0 closed or left by you, 1 unauthorized, 2 no ping,
 * 3 timeout, 4 unsubscribe failed, 5 malformed frame, 6 socket refused, 7 not connected, 8 connection closed,
 * 9 getToken failed. 100-1999 come from the server (400 and above from the application), 1000-1015 and 3000-4999 are
 * close codes of the WebSocket.
 */
export interface RealtimeError extends Error {
  readonly code: number;
  /** Whether the same thing may work later. */
  readonly temporary: boolean;
}

export type ConnectionState = "connecting" | "connected" | "disconnected";

export type RoomState = "subscribing" | "subscribed" | "unsubscribed";

export interface ConnectOptions {
  /** Who this is; sent in the first frame, never in the URL. */
  token?: string;
  /**
   * Fetches a token: before the first connect unless `token` is given, when the server says that the token expired,
   * and when its time is over. An empty string connects anonymously; null or undefined disconnects for good with code
   * 1. A rejection is reported as an "error" event and tried again later.
   */
  getToken?: () => Awaitable<string | null | undefined>;
  /** Anything the server wants to know when a connection starts. */
  data?: unknown;
  /** Upper bound of the delay before the first attempt to reconnect, in ms; doubles with each attempt. Default 500. */
  minDelay?: number;
  /** Upper bound of the delay before any attempt to reconnect, in ms. Default 20,000. */
  maxDelay?: number;
  /** Name of the application for the server's logs, 16 characters at most. Default "realtime-js". */
  name?: string;
}

export interface RoomOptions {
  /** Anything the server wants to know when a subscription starts. */
  data?: unknown;
  /** The permission to enter this room, where the server asks for one. */
  token?: string;
  /** Fetches a token for this room, as `ConnectOptions.getToken` does for the connection; gets the room's name. */
  getToken?: (room: string) => Awaitable<string | null | undefined>;
  /** Whether to be told who joins and leaves, where the server allows it. Default true. */
  joinLeave?: boolean;
}

/** One connection in a room. A user with two tabs has two. */
export interface Member<Info = unknown> {
  /** Name of the user, "" for an anonymous one. */
  readonly user: string;
  /** Id of the connection, unique; compare with {@link Realtime.client}. */
  readonly client: string;
  /** What the server knows about the connection. */
  readonly connInfo?: Info;
  /** What the server knows about the member in this room. */
  readonly roomInfo?: unknown;
}

export interface Publication<T = unknown, Info = unknown> {
  readonly data: T;
  /** Who published; undefined when the server did. */
  readonly info?: Member<Info>;
  /** Place in the room's stream, from 1; undefined in a room without history. */
  readonly offset?: number;
  /** `tags.id` identifies the publication: an id is delivered once. */
  readonly tags?: Readonly<Record<string, string>>;
  /** When it was published, in ms since 1970. */
  readonly time?: number;
  /** True when it was missed while disconnected and came by recovery. */
  readonly recovered: boolean;
}

/** A place in a room's stream. */
export interface Position {
  readonly offset: number;
  readonly epoch: string;
}

export interface HistoryOptions {
  /** How many at most; -1: all that the server gives; 0 or absent: none, only the position. */
  limit?: number;
  /** Start after (with `reverse`: before) this position; refused with code 112 if its epoch is over. */
  since?: Position;
  /** Newest first. Default false. */
  reverse?: boolean;
}

export interface History<T = unknown, Info = unknown> extends Position {
  readonly publications: Publication<T, Info>[];
}

export interface PresenceStats {
  readonly numClients: number;
  readonly numUsers: number;
}

/** Events of a connection. */
export interface RealtimeEvents {
  /** The state changed; `code` and `reason` say why a connection ended. */
  state: { readonly state: ConnectionState; readonly code: number; readonly reason: string };
  /** An attempt to connect failed, a token could not be had, a `send` was lost, or the connection ended for good. */
  error: RealtimeError;
  /** The server sent something to this connection, outside any room. */
  message: any;
  /** The server put this connection into a room. Listeners added now miss nothing. */
  room: Room<any, any>;
}

/** Events of a room. */
export interface RoomEvents<T = unknown, Info = unknown> {
  /** Somebody published. In order of `offset`. */
  publication: Publication<T, Info>;
  /** The subscription stands; also after each reconnect. */
  subscribed: {
    /** Whether everything missed since the last time follows. */
    readonly recovered: boolean;
    /** Whether recovery was tried: with `recovered` false, publications may have been lost, so load the state anew. */
    readonly wasRecovering: boolean;
    /** Whatever the server tells new subscribers. */
    readonly data?: any;
    /** The missed publications, which "publication" listeners get right after this event, known ids left out. */
    readonly publications: readonly Publication<T, Info>[];
  };
  join: Member<Info>;
  leave: Member<Info>;
  /** The subscription ended for good: by `leave()` (code 0), by the server, or with the connection. */
  unsubscribed: { readonly code: number; readonly reason: string };
  /** An attempt to subscribe failed; it is repeated if the error is temporary, else "unsubscribed" came before. */
  error: RealtimeError;
}

/**
 * A room, by default from the moment of `rt.room(name)` on. Subscribes again by itself after every interruption, until
 * it is unsubscribed; then the connection forgets it, and `rt.room(name)` makes a new one. Commands need no
 * subscription unless the server wants one. A command rejects with a {@link RealtimeError} when the server refuses it,
 * when there is no answer or no connection for 5 s, and when the connection is lost before the answer: then the command
 * may or may not have been carried out.
 */
export interface Room<T = unknown, Info = unknown> {
  readonly name: string;
  readonly state: RoomState;
  /** Adds a listener and returns the function that removes it. */
  on<E extends keyof RoomEvents>(event: E, listener: (event: RoomEvents<T, Info>[E]) => void): () => void;
  /** Resolves when subscribed, rejects with a {@link RealtimeError} when unsubscribed. */
  ready(): Promise<Room<T, Info>>;
  /** Publishes; the publisher gets its own publication too if it is subscribed. */
  publish(data: T): Promise<void>;
  /** The members by connection id. */
  presence(): Promise<Record<string, Member<Info>>>;
  presenceStats(): Promise<PresenceStats>;
  history(options?: HistoryOptions): Promise<History<T, Info>>;
  /** Ends the subscription for good. */
  leave(): void;
}

/** A connection that stays: it reconnects until `close()` or until the server turns it away for good. */
export interface Realtime {
  readonly state: ConnectionState;
  /** Id that the server gave to this connection, new after each reconnect; null while there is none. */
  readonly client: string | null;
  /** What the server said when the connection started. */
  readonly data: any;
  /** Adds a listener and returns the function that removes it. */
  on<E extends keyof RealtimeEvents>(event: E, listener: (event: RealtimeEvents[E]) => void): () => void;
  /**
   * The room of this name, the same object until it is unsubscribed; the first call starts to subscribe, and the
   * options of that call count.
   *
   * @typeParam T what is published in the room
   * @typeParam Info what the server tells about its members
   */
  room<T = any, Info = any>(name: string, options?: RoomOptions): Room<T, Info>;
  /** Calls a method of the server; fails as the commands of a {@link Room} do. */
  rpc<R = any>(method: string, data?: unknown): Promise<R>;
  /** Sends something to the server without an answer. */
  send(data: unknown): void;
  /** Ends the connection for good: rooms are unsubscribed, commands without an answer reject. */
  close(): void;
}

/**
 * Connects, at once and for as long as it takes.
 *
 * @param url a ws, wss, http or https URL, or a path on the page's host; by default the endpoint that serves client.js
 * @throws TypeError if the URL is none
 */
export function connect(url?: string | URL | null, options?: ConnectOptions): Realtime;
export function connect(options: ConnectOptions): Realtime;
