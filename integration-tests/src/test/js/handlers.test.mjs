// SPDX-License-Identifier: Apache-2.0
// Methods of a controller, called by the published JavaScript SDK in both codecs.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Centrifuge as Json } from "centrifuge";
import { Centrifuge as Protobuf } from "centrifuge/build/protobuf";
import { WebSocket } from "ws";
import { newRoom, port, record, until } from "./support.mjs";

const clients = [];

afterEach(() => clients.splice(0).forEach(client => client.disconnect()));

const bytes = data => new TextEncoder().encode(JSON.stringify(data));
const text = data => JSON.parse(new TextDecoder().decode(data));

for (const [name, Centrifuge, write, read] of [["JSON", Json, data => data, data => data], ["Protobuf", Protobuf, bytes, text]]) {
  async function connect() {
    const client = new Centrifuge(`ws://127.0.0.1:${port}/realtime`, { websocket: WebSocket, data: write({ name: "Ann" }) });
    clients.push(client);
    const seen = record(client, "message", "disconnected");
    client.connect();
    await client.ready(10000);
    return Object.assign(client, { seen });
  }

  function subscribe(client, room) {
    const subscription = client.newSubscription(room);
    const seen = record(subscription, "publication", "subscribed", "unsubscribed");
    subscription.subscribe();
    return Object.assign(subscription, { seen });
  }

  test(`${name}: a call is answered`, async () => {
    const client = await connect();
    assert.equal(read((await client.rpc("sum", write([1, 2, 3]))).data), 6);
  });

  test(`${name}: a call is answered with an error`, async () => {
    const client = await connect();
    await assert.rejects(client.rpc("unknown", write({})), { code: 104 });
    await assert.rejects(client.rpc("finish", write({})), { code: 409, message: "finished already" });
    await assert.rejects(client.rpc("sum", write({ a: 1 })), { code: 400, message: "invalid payload" });
  });

  test(`${name}: a message is received`, async () => {
    const client = await connect();
    await client.send(write({ text: "hello" }));
    await until(() => client.seen.message.length);
    assert.deepEqual(read(client.seen.message[0].data), { got: "hello" });
  });

  test(`${name}: a subscription has initial state, or is refused`, async () => {
    const client = await connect();
    const room = subscribe(client, "desk:7");
    await room.ready(10000);
    assert.deepEqual(read(room.seen.subscribed[0].data), { desk: "7" });
    const closed = subscribe(client, "desk:closed");
    await until(() => closed.seen.unsubscribed.length);
    assert.equal(closed.seen.unsubscribed[0].code, 103);
  });

  test(`${name}: a publication is rewritten, or refused`, async () => {
    const client = await connect();
    const room = subscribe(client, newRoom("desk"));
    await room.ready(10000);
    await assert.rejects(room.publish(write({ text: " " })), { code: 400, message: "text: must not be blank" });
    await room.publish(write({ text: "hello" }));
    await until(() => room.seen.publication.length);
    assert.deepEqual(read(room.seen.publication[0].data), { text: "hello", by: "Ann" });
    assert.equal(room.seen.publication.length, 1);
    assert.equal(client.seen.disconnected.length, 0);
  });
}
