// SPDX-License-Identifier: Apache-2.0
// Tokens, their expiry and what the server does on its own, seen by the published JavaScript SDK in both codecs.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Centrifuge as Json } from "centrifuge";
import { Centrifuge as Protobuf } from "centrifuge/build/protobuf";
import { WebSocket } from "ws";
import { control, newRoom, pause, port, record, until } from "./support.mjs";

const clients = [];

afterEach(() => clients.splice(0).forEach(client => client.disconnect()));

/** Gives out tokens one after the other, the last one again and again. */
function giver(...tokens) {
  const given = [];
  const get = async () => {
    given.push(tokens.length > 1 ? tokens.shift() : tokens[0]);
    return given.at(-1);
  };
  return { get, given };
}

function create(Centrifuge, getToken, server = port) {
  const client = new Centrifuge(`ws://127.0.0.1:${server}/realtime`,
    { websocket: WebSocket, minReconnectDelay: 20, maxReconnectDelay: 200, getToken });
  clients.push(client);
  const seen = record(client, "connecting", "connected", "disconnected", "subscribed", "publication", "message");
  client.connect();
  return Object.assign(client, { seen });
}

async function subscribe(client, room, getToken) {
  const subscription = client.newSubscription(room, { getToken, minResubscribeDelay: 20, maxResubscribeDelay: 200 });
  const seen = record(subscription, "publication", "subscribing", "subscribed", "unsubscribed");
  subscription.subscribe();
  return Object.assign(subscription, { seen });
}

const text = data => data instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(data)) : data;

for (const [name, Centrifuge] of [["JSON", Json], ["Protobuf", Protobuf]]) {
  test(`${name}: a token is refreshed in time and the session goes on`, async () => {
    const tokens = giver("ann:1", "ann:3600");
    const client = create(Centrifuge, tokens.get);
    await until(() => tokens.given.length >= 2);
    const subscription = await subscribe(client, newRoom());
    await subscription.ready(10000);
    assert.equal(client.seen.connected.length, 1);
    assert.equal(client.seen.disconnected.length, 0);
  });

  test(`${name}: an expired token is replaced`, async () => {
    const client = create(Centrifuge, giver("ann:0", "ann:3600").get);
    await client.ready(10000);
  });

  test(`${name}: a new token of somebody else ends the session for good`, async () => {
    const client = create(Centrifuge, giver("ann:1", "bob:3600").get);
    await until(() => client.seen.disconnected.length);
    assert.equal(client.seen.disconnected[0].code, 3500);
  });

  test(`${name}: a subscription token is refreshed in time, an expired one replaced, a foreign one refused`, async () => {
    const client = create(Centrifuge, giver("ann:3600").get);
    const tokens = giver("ann:0", "ann:1", "ann:3600");
    const room = await subscribe(client, newRoom(), tokens.get);
    await until(() => tokens.given.length >= 3);
    assert.equal(room.seen.unsubscribed.length, 0);
    const foreign = await subscribe(client, newRoom(), giver("bob:3600").get);
    await until(() => foreign.seen.unsubscribed.length);
    assert.equal(foreign.seen.unsubscribed[0].code, 103);
  });

  test(`${name}: a subscription that expires on the server comes back at once`, async () => {
    const client = create(Centrifuge, giver("ann:3600").get);
    const room = await subscribe(client, "chat:brief");
    await until(() => room.seen.subscribed.length >= 2);
    assert.equal(room.seen.subscribing[1].code, 2501);
    assert.equal(room.seen.unsubscribed.length, 0);
  });

  test(`${name}: a dropped connection comes back as a new session`, async () => {
    const client = create(Centrifuge, giver(`carl-${name}:3600`).get);
    await client.ready(10000);
    const room = await subscribe(client, newRoom());
    await room.ready(10000);
    await control(`drop/carl-${name}`);
    await until(() => client.seen.connected.length === 2 && room.seen.subscribed.length === 2);
    assert.equal(client.seen.connecting[1].code, 1);
    assert.notEqual(client.seen.connected[0].client, client.seen.connected[1].client);
  });

  test(`${name}: the server puts a client into a room, where it recovers, and sends it messages`, async () => {
    const client = create(Centrifuge, giver("roomy:3600").get);
    await until(() => client.seen.subscribed.length);
    await control("room/one");
    await until(() => client.seen.publication.length === 1);
    await control("reconnect/roomy");
    await control("room/two");
    await until(() => client.seen.publication.length === 2);
    assert.deepEqual(client.seen.publication.map(({ data }) => text(data)), ["one", "two"]);
    await control("message/roomy");
    await until(() => client.seen.message.length);
    assert.equal(text(client.seen.message[0].data), "hello");
  });

  test(`${name}: an idle client stays, by pings alone, while others publish`, async () => {
    const client = create(Centrifuge, giver("dan:3600").get);
    const room = await subscribe(client, "chat:roomy");
    await room.ready(10000);
    for (let i = 0; i < 26; i++) {
      await control("room/tick");
      await pause(500);
    }
    assert.equal(client.seen.connected.length, 1);
    assert.equal(client.seen.disconnected.length, 0);
    assert.ok(room.seen.publication.length >= 26);
  });
}
