// What the Python subgraphs are measured against: the same schema over the same tables with graphql-yoga and pg.
// Written as one would for speed: one loader per key, prepared statements, nothing checked that was not asked for.
import { createServer } from 'node:http';
import DataLoader from 'dataloader';
import pg from 'pg';
import { createSchema, createYoga } from 'graphql-yoga';
import { useGraphQlJit } from '@envelop/graphql-jit';

const { BENCH_DATABASE, BENCH_PORT, BENCH_JIT } = process.env;
// Times stay text, as PostgreSQL writes them: cheaper than Date and back, and exact.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => `${text.replace(' ', 'T')}:00`);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const pool = new pg.Pool({ ...JSON.parse(BENCH_DATABASE), max: 10 });

const ORDERS = {
  name: 'orders',
  text: `SELECT id, number, status, version, placed_at, currency, total_minor FROM "order".order_meta
         ORDER BY placed_at DESC, id DESC LIMIT $1`,
};
const LINES = {
  name: 'lines',
  text: `SELECT id, order_id, title, quantity, currency, unit_price_minor, total_minor FROM "order".order_line
         WHERE order_id = ANY($1) ORDER BY position`,
};
const TIMELINE = {
  name: 'timeline',
  text: `SELECT order_id, version, status, at, reason FROM "order".order_timeline
         WHERE order_id = ANY($1) ORDER BY version`,
};
const USERS = {
  name: 'users',
  text: 'SELECT id, name, email, avatar_url, roles, created_at FROM "user".user_profile WHERE id = ANY($1)',
};
const DESIGNS = {
  name: 'designs',
  text: `SELECT w.id AS parent, d.* FROM unnest($1::text[]) AS w(id), LATERAL (
           SELECT id, name, status, version, created_at, currency, price_minor FROM builder.saved_design
           WHERE owner_id = w.id AND status <> 'ARCHIVED' ORDER BY created_at DESC, id DESC LIMIT $2) AS d
         ORDER BY 1, d.created_at DESC, d.id DESC`,
};

const rowsByKey = (query, key) =>
  new DataLoader(async (keys) => {
    const found = new Map(keys.map((value) => [value, []]));
    for (const row of (await pool.query({ ...query, values: [keys] })).rows) found.get(row[key]).push(row);
    return keys.map((value) => found.get(value));
  });

const rowByKey = (query) =>
  new DataLoader(async (keys) => {
    const found = new Map((await pool.query({ ...query, values: [keys] })).rows.map((row) => [row.id, row]));
    return keys.map((value) => found.get(value) ?? null);
  });

const designsByOwner = () =>
  new DataLoader(
    async (keys) => {
      const found = new Map(keys.map(({ owner }) => [owner, []]));
      const { rows } = await pool.query({ ...DESIGNS, values: [[...found.keys()], keys[0].first + 1] });
      for (const row of rows) found.get(row.parent).push(row);
      return keys.map(({ owner }) => found.get(owner));
    },
    { cacheKeyFn: ({ owner, first }) => `${owner} ${first}` },
  );

const connection = (rows, first) => ({
  edges: rows.slice(0, first).map((node) => ({ node })),
  pageInfo: { hasNextPage: rows.length > first },
});

const money = (minor, currency) => ({ minor, currency });

const schema = createSchema({
  typeDefs: /* GraphQL */ `
    scalar Decimal
    scalar DateTime
    scalar _Any
    union _Entity = User
    type Money { amount: Decimal! currencyCode: String! }
    type PageInfo { hasNextPage: Boolean! }
    type OrderLine { id: ID! title: String! quantity: Int! unitPrice: Money! total: Money! }
    type OrderTimelineEntry { version: Int! status: String! at: DateTime! reason: String }
    type Order {
      id: ID! number: String! status: String! version: Int! placedAt: DateTime! total: Money!
      lines: [OrderLine!]! timeline: [OrderTimelineEntry!]!
    }
    type OrderEdge { node: Order! }
    type OrderConnection { edges: [OrderEdge!]! pageInfo: PageInfo! }
    type Design { id: ID! name: String! status: String! version: Int! createdAt: DateTime! price: Money! }
    type DesignEdge { node: Design! }
    type DesignConnection { edges: [DesignEdge!]! pageInfo: PageInfo! }
    type User {
      id: ID! name: String email: String avatarUrl: String roles: [String!] createdAt: DateTime
      designs(first: Int): DesignConnection
    }
    type Query {
      orders(first: Int): OrderConnection
      _entities(representations: [_Any!]!): [_Entity]!
    }
  `,
  resolvers: {
    Query: {
      orders: async (_, { first }) => connection((await pool.query({ ...ORDERS, values: [first + 1] })).rows, first),
      _entities: (_, { representations }, { users, withoutRow }) =>
        withoutRow ? representations : users.loadMany(representations.map(({ id }) => id)),
    },
    _Entity: { __resolveType: () => 'User' },
    Order: {
      placedAt: (row) => row.placed_at,
      total: (row) => money(row.total_minor, row.currency),
      lines: (row, _, { lines }) => lines.load(row.id),
      timeline: (row, _, { timeline }) => timeline.load(row.id),
    },
    OrderLine: {
      unitPrice: (row) => money(row.unit_price_minor, row.currency),
      total: (row) => money(row.total_minor, row.currency),
    },
    User: {
      avatarUrl: (row) => row.avatar_url,
      createdAt: (row) => row.created_at,
      designs: async (row, { first }, { designs }) => connection(await designs.load({ owner: row.id, first }), first),
    },
    Design: {
      createdAt: (row) => row.created_at,
      price: (row) => money(row.price_minor, row.currency),
    },
    Money: {
      amount: ({ minor, currency }) => (currency === "JPY" ? String(minor) : (minor / 100).toFixed(2)),
      currencyCode: ({ currency }) => currency,
    },
  },
});

const yoga = createYoga({
  schema,
  logging: false,
  graphiql: false,
  landingPage: false,
  context: ({ request }) => ({
    // As in the builder's subgraph, where a user is but a stub with designs.
    withoutRow: request.headers.get('x-stub') !== null,
    lines: rowsByKey(LINES, 'order_id'),
    timeline: rowsByKey(TIMELINE, 'order_id'),
    users: rowByKey(USERS),
    designs: designsByOwner(),
  }),
  plugins: BENCH_JIT ? [useGraphQlJit()] : [],
});

createServer(yoga).listen(Number(BENCH_PORT), '127.0.0.1', () => console.log('listening'));
