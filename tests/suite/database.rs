//! A database of a play's own: a file that goes with it, or one on PostgreSQL where the suite says so.

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use tempfile::TempDir;

/// A fresh, empty database.
pub struct Database {
    url: String,
    kept: Kept,
}

enum Kept {
    File(#[expect(dead_code, reason = "removes the folder when it goes")] TempDir),
    Postgres { server: String, name: String },
}

impl Database {
    /// On the engine the environment names.
    pub async fn fresh() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "which engine the suite runs on is the runner's choice"
        )]
        let engine = std::env::var("DIPPER_TEST_ENGINE").unwrap_or_default();
        if engine == "postgres" { Self::on_postgres().await } else { Self::in_a_file() }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Removes it.
    pub async fn drop(self) {
        if let Kept::Postgres { server, name } = &self.kept {
            let mut server = PgConnection::connect(server).await.unwrap();
            let statement = sqlx::AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            sqlx::query(statement).execute(&mut server).await.unwrap();
        }
    }

    fn in_a_file() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}", folder.path().join("dipper.db").display());
        Self { url, kept: Kept::File(folder) }
    }

    async fn on_postgres() -> Self {
        #[expect(clippy::disallowed_methods, reason = "where PostgreSQL is, is the runner's choice")]
        let server = std::env::var("DIPPER_TEST_POSTGRES");
        let server = server.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
        let name = format!("dipper_play_{}", dipper::clock::random_name(8));
        let mut connection = PgConnection::connect(&server).await.unwrap();
        let statement = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(statement).execute(&mut connection).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        Self { url: format!("{base}/{name}"), kept: Kept::Postgres { server: server.clone(), name } }
    }
}
