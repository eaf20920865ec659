const mysql = require('mysql2');

function byNumber(connection, req) {
  // breach: injection/sql-text
  connection.query("SELECT bal FROM acct WHERE no = '" + req.query.no + "'");
}

async function byOwner(knex, owner) {
  const sql = `SELECT no FROM acct WHERE owner = '${owner}'`;
  // breach: injection/sql-text
  return knex.raw(sql);
}

function right(connection, req) {
  // near-miss: the value is bound
  connection.query('SELECT bal FROM acct WHERE no = ?', [req.query.no]);
}

const TABLE = 'acct';

function constants(connection) {
  // near-miss: every part is constant
  connection.query('SELECT bal FROM ' + TABLE);
}

function find(cache, key) {
  // near-miss: no statement at all
  return cache.get('acct-' + key);
}
