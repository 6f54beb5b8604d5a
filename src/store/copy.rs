//! Everything from one database into another, whichever engines they are on: all of it, or nothing.
//!
//! Tables and columns are read from the databases themselves, so that a new table is copied without a word here.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::Store;
use super::engine::Engine;
use super::error::Error;
use super::migrations;
use super::rows::{Columns, Named, Query, sql};
use super::tx::Tx;

const ON_SQLITE: &str = "SELECT m.name AS table_name, c.name AS column_name, lower(c.type) AS kind, \
     CAST(c.pk AS BIGINT) AS key_at FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.rowid, c.cid";
const ON_POSTGRES: &str = "SELECT CAST(t.relname AS TEXT) AS table_name, CAST(a.attname AS TEXT) AS column_name, \
     CAST(format_type(a.atttypid, NULL) AS TEXT) AS kind, \
     CAST(COALESCE(array_position(CAST(i.indkey AS SMALLINT[]), a.attnum) + 1, 0) AS BIGINT) AS key_at \
     FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped \
     LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary \
     WHERE t.relkind = 'r' AND t.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY t.oid, a.attnum";
/// A replica says each minute that it is awake.
const AWAKE: &str = "SELECT next_at FROM slots WHERE scope = 'awake' AND next_at > $1";

pub(super) const ALL: &[Named] = &[("copy awake", AWAKE)];

/// The schema's own, which the target has by being migrated.
const SCHEMA: &str = "migrations";
/// What an empty database of ours may hold, too: it is replaced.
const CHORES: [&str; 5] = ["pulses", "slots", "pauses", "seats", "versions"];
/// How many rows are read at once, and how many where bodies lie in them.
const PAGE: usize = 400;
const HEAVY_PAGE: usize = 16;
/// How many rows a statement writes.
const TOGETHER: usize = 50;

/// The statement that names the tables.
pub(super) fn catalogue(engine: Engine) -> Named {
    let text = match engine {
        Engine::Sqlite => ON_SQLITE,
        Engine::Postgres => ON_POSTGRES,
    };
    ("copy catalogue", text)
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Of which table.
    pub table: &'a str,
    /// How many rows of it are copied.
    pub rows: u64,
    /// Of how many.
    pub of: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Bytes,
}

#[derive(Debug, Clone)]
enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Bytes(Option<Vec<u8>>),
}

#[derive(Debug)]
struct Column {
    name: String,
    kind: Kind,
    /// Its place in the key, from one on; zero when it is no part of it.
    key_at: i64,
}

#[derive(Debug)]
struct Table {
    name: String,
    columns: Vec<Column>,
}

impl Table {
    /// Its columns' names, in a row.
    fn names(&self) -> String {
        self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Which of its columns are the key, in the key's order.
    fn key(&self) -> Vec<usize> {
        let mut key: Vec<usize> = (0..self.columns.len()).filter(|at| self.columns[*at].key_at > 0).collect();
        key.sort_by_key(|at| self.columns[*at].key_at);
        key
    }

    fn page(&self) -> usize {
        let heavy = self.columns.iter().any(|column| column.kind == Kind::Bytes);
        if heavy { HEAVY_PAGE } else { PAGE }
    }

    /// Reads a page: the first, or what follows a row.
    fn select(&self, after: Option<&[Value]>) -> Query {
        let key = self.key();
        let names: Vec<&str> = key.iter().map(|at| self.columns[*at].name.as_str()).collect();
        let places: Vec<String> = (1..=key.len()).map(|at| format!("${at}")).collect();
        let (names, places) = (names.join(", "), places.join(", "));
        let from = after.map(|_| format!("WHERE ({names}) > ({places}) ")).unwrap_or_default();
        let (columns, table, page) = (self.names(), &self.name, self.page());
        let text = format!("SELECT {columns} FROM {table} {from}ORDER BY {names} LIMIT {page}");
        let values = after.into_iter().flat_map(|row| key.iter().map(|at| row[*at].clone()));
        values.fold(sqlx::query(AssertSqlSafe(text)), bound)
    }

    fn insert(&self, rows: &[Vec<Value>]) -> Query {
        let width = self.columns.len();
        let row = |number: usize| {
            let places: Vec<String> = (1..=width).map(|at| format!("${}", number * width + at)).collect();
            format!("({})", places.join(","))
        };
        let places: Vec<String> = (0..rows.len()).map(row).collect();
        let text = format!("INSERT INTO {} ({}) VALUES {}", self.name, self.names(), places.join(","));
        rows.iter().flatten().cloned().fold(sqlx::query(AssertSqlSafe(text)), bound)
    }

    fn read(&self, row: &AnyRow) -> Result<Vec<Value>, Error> {
        let value = |(at, column): (usize, &Column)| {
            Ok(match column.kind {
                Kind::Text => Value::Text(row.try_get(at)?),
                Kind::Number => Value::Number(row.try_get(at)?),
                Kind::Bytes => Value::Bytes(row.try_get(at)?),
            })
        };
        self.columns.iter().enumerate().map(value).collect()
    }
}

fn bound(query: Query, value: Value) -> Query {
    match value {
        Value::Text(text) => query.bind(text),
        Value::Number(number) => query.bind(number),
        Value::Bytes(bytes) => query.bind(bytes),
    }
}

impl Store {
    /// Whether its schema is this program's, neither older nor newer.
    pub async fn is_up_to_date(&self) -> Result<bool, Error> {
        migrations::is_up_to_date(&self.base).await
    }

    /// Whether a bot was at work on it within the last minute.
    pub async fn is_at_work(&self) -> Result<bool, Error> {
        Ok(self.base.row(sql(AWAKE).bind(self.base.now())).await?.is_some())
    }

    /// The first table that holds something a bot has put there, besides its chores.
    pub async fn holds_something(&self) -> Result<Option<String>, Error> {
        for table in self.tables().await? {
            let ours = table.name != SCHEMA && !CHORES.contains(&table.name.as_str());
            if ours && self.count(&table.name).await? > 0 {
                return Ok(Some(table.name));
            }
        }
        Ok(None)
    }

    /// Copies everything into another database of the same schema, in one unit of work: how many rows.
    pub async fn copy_into(&self, target: &Self, mut told: impl FnMut(Progress<'_>)) -> Result<u64, Error> {
        let mut tx = target.begin().await?;
        for chore in CHORES {
            tx.write(sqlx::query(AssertSqlSafe(format!("DELETE FROM {chore}")))).await?;
        }
        let mut sum = 0;
        for table in self.tables().await?.iter().filter(|table| table.name != SCHEMA) {
            sum += self.copy_table(table, &mut tx, &mut told).await?;
        }
        tx.commit().await?;
        Ok(sum)
    }

    async fn copy_table(
        &self,
        table: &Table,
        tx: &mut Tx,
        told: &mut impl FnMut(Progress<'_>),
    ) -> Result<u64, Error> {
        let of = self.count(&table.name).await?;
        let (mut rows, mut last): (u64, Option<Vec<Value>>) = (0, None);
        loop {
            let page = self.base.rows(table.select(last.as_deref())).await?;
            let page: Vec<Vec<Value>> = page.iter().map(|row| table.read(row)).collect::<Result<_, _>>()?;
            for together in page.chunks(TOGETHER) {
                rows += tx.write(table.insert(together)).await?;
            }
            let ended = page.len() < table.page();
            last = page.into_iter().next_back();
            if ended {
                break;
            }
            told(Progress { table: &table.name, rows, of });
        }
        if rows != of {
            return Err(Error::Contended(format!("`{}` changed while it was copied", table.name)));
        }
        told(Progress { table: &table.name, rows, of });
        Ok(rows)
    }

    async fn count(&self, table: &str) -> Result<u64, Error> {
        let text = format!("SELECT CAST(COUNT(*) AS BIGINT) AS counted FROM {table}");
        let row = self.base.row(sqlx::query(AssertSqlSafe(text))).await?;
        let counted = row.map(|row| row.number("counted")).transpose()?.unwrap_or(0);
        Ok(u64::try_from(counted).unwrap_or(0))
    }

    /// The tables, in the order in which they were made: what refers to another comes after it.
    async fn tables(&self) -> Result<Vec<Table>, Error> {
        let mut tables: Vec<Table> = Vec::new();
        for row in self.base.rows(sql(catalogue(self.base.engine).1)).await? {
            let name = row.text("table_name")?;
            let kind = match row.text("kind")?.as_str() {
                "text" => Kind::Text,
                "bytea" => Kind::Bytes,
                _ => Kind::Number,
            };
            let column = Column { name: row.text("column_name")?, kind, key_at: row.number("key_at")? };
            match tables.last_mut().filter(|table| table.name == name) {
                Some(table) => table.columns.push(column),
                None => tables.push(Table { name, columns: vec![column] }),
            }
        }
        Ok(tables)
    }
}
