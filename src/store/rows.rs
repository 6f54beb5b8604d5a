//! How statements are said and rows are read, alike on both engines.

use std::str::FromStr;

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Any, AssertSqlSafe, Row};

use super::engine::Engine;
use super::error::Error;

/// A statement with its values.
pub(super) type Query = sqlx::query::Query<'static, Any, AnyArguments>;

/// A name and a text, for the test that prepares every statement on both engines.
pub(super) type Named = (&'static str, &'static str);

/// A statement, to be given its values in order.
pub(super) fn sql(text: &'static str) -> Query {
    sqlx::query(text)
}

/// An insert of many rows at once.
pub(super) struct Inserts {
    /// What stands before the rows: `INSERT INTO … VALUES`.
    pub(super) head: &'static str,
    /// How many values make a row.
    pub(super) columns: usize,
    /// What stands after them: `ON CONFLICT …`.
    pub(super) tail: &'static str,
}

impl Inserts {
    /// The statement for so many rows.
    pub(super) fn of(&self, engine: Engine, rows: usize) -> Query {
        sqlx::query(AssertSqlSafe(self.text(engine, rows)))
    }

    /// Its text: `($1,$2),($3,$4)` and so on between head and tail. On SQLite the places have no names:
    /// there, the driver looks for every name among all others each time it gives a place its value.
    pub(super) fn text(&self, engine: Engine, rows: usize) -> String {
        let mut text = String::with_capacity(self.head.len() + self.tail.len() + rows * self.columns * 6);
        text.push_str(self.head);
        for at in 1..=rows * self.columns {
            let opens = (at - 1) % self.columns == 0;
            text.push_str(match (opens, at) {
                (true, 1) => " (",
                (true, _) => "),(",
                (false, _) => ",",
            });
            match engine {
                Engine::Sqlite => text.push('?'),
                Engine::Postgres => {
                    text.push('$');
                    text.push_str(&at.to_string());
                }
            }
        }
        text.push_str(") ");
        text.push_str(self.tail);
        text
    }
}

/// Reads a row's columns by name.
pub(super) trait Columns {
    /// A text.
    fn text(&self, column: &str) -> Result<String, Error>;
    /// A text that may be absent.
    fn maybe_text(&self, column: &str) -> Result<Option<String>, Error>;
    /// A number.
    fn number(&self, column: &str) -> Result<i64, Error>;
    /// A number that may be absent.
    fn maybe_number(&self, column: &str) -> Result<Option<i64>, Error>;
    /// Bytes that may be absent.
    fn maybe_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, Error>;

    /// Bytes.
    fn bytes(&self, column: &str) -> Result<Vec<u8>, Error> {
        self.maybe_bytes(column)?.ok_or_else(|| Error::Unreadable(column.to_owned()))
    }

    /// Something that reads from its text.
    fn read<T: FromStr>(&self, column: &str) -> Result<T, Error> {
        let text = self.text(column)?;
        text.parse().map_err(|_| Error::Unreadable(column.to_owned()))
    }
}

impl Columns for AnyRow {
    fn text(&self, column: &str) -> Result<String, Error> {
        Ok(self.try_get(column)?)
    }

    fn maybe_text(&self, column: &str) -> Result<Option<String>, Error> {
        Ok(self.try_get(column)?)
    }

    fn number(&self, column: &str) -> Result<i64, Error> {
        Ok(self.try_get(column)?)
    }

    fn maybe_number(&self, column: &str) -> Result<Option<i64>, Error> {
        Ok(self.try_get(column)?)
    }

    fn maybe_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.try_get(column)?)
    }
}

/// Reads every row the same way.
pub(super) fn each<T>(rows: &[AnyRow], read: impl Fn(&AnyRow) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    rows.iter().map(read).collect()
}
