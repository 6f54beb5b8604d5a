//! Everything from one database to another and back: every table, every column, every row.

use dipper::store::{Engine, Error, Store};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};
use tempfile::TempDir;

use crate::house::House;

/// Two rows in every table there is, whatever it is for: one with all there may be, one with no more than must be.
async fn fill(house: &House) {
    let mut connection = SqliteConnection::connect(&house.url).await.unwrap();
    for table in tables(&mut connection).await {
        let columns = sqlx::query(AssertSqlSafe(format!("PRAGMA table_info({table})")));
        let columns = columns.fetch_all(&mut connection).await.unwrap();
        let keys = columns.iter().filter(|column| column.get::<i64, _>("pk") > 0).count();
        assert!(keys > 0, "`{table}` has no key, so that it cannot be copied page by page");
        for number in [-7_i64, 9_007_199_254_740_993] {
            let value = |column: &sqlx::sqlite::SqliteRow| {
                let kind: String = column.get("type");
                let bare = column.get::<i64, _>("notnull") == 0 && column.get::<i64, _>("pk") == 0;
                match kind.as_str() {
                    _ if bare && number < 0 => "NULL".to_owned(),
                    "TEXT" => format!("'it''s «{number}» \u{1f980} \\ $1 ?'"),
                    "BYTEA" => format!("x'00ff{:04x}'", number.rem_euclid(9_999)),
                    _ => number.to_string(),
                }
            };
            let values: Vec<String> = columns.iter().map(value).collect();
            let insert = format!("INSERT OR REPLACE INTO {table} VALUES ({})", values.join(", "));
            sqlx::query(AssertSqlSafe(insert)).execute(&mut connection).await.unwrap();
        }
    }
    connection.close().await.unwrap();
}

/// More rows than are read at once, and than are written at once.
async fn fill_much(house: &House) {
    house
        .says(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1234) \
             INSERT INTO known (what, answer, until_at) SELECT 'much ' || (i % 7) || ' ' || i, 'x', i FROM n",
        )
        .await;
    house
        .says(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99) \
             INSERT INTO deliveries (id, instance, hash, event_key, received_at, body) \
             SELECT i, 'cloud', CAST('h' || i AS BLOB), 'k', i, zeroblob(70000) FROM n",
        )
        .await;
}

async fn tables(connection: &mut SqliteConnection) -> Vec<String> {
    let text = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
                AND name <> 'migrations' ORDER BY rowid";
    let rows = sqlx::query(text).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Every table of one file holds exactly the rows of the other.
async fn equal(one: &House, path: &str) {
    let mut connection = SqliteConnection::connect(&one.url).await.unwrap();
    let attach = format!("ATTACH '{path}' AS other");
    sqlx::query(AssertSqlSafe(attach)).execute(&mut connection).await.unwrap();
    for table in tables(&mut connection).await {
        for (left, right) in [("main", "other"), ("other", "main")] {
            let text = format!("SELECT * FROM {left}.{table} EXCEPT SELECT * FROM {right}.{table}");
            let rows = sqlx::query(AssertSqlSafe(text)).fetch_all(&mut connection).await.unwrap();
            assert!(rows.is_empty(), "{} rows of {table} are only in {left}", rows.len());
        }
    }
    connection.close().await.unwrap();
}

#[tokio::test]
async fn what_goes_to_a_server_and_back_is_what_it_was() {
    let house = House::on_sqlite().await;
    fill(&house).await;
    fill_much(&house).await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("back.db").display().to_string();
    let back = Store::open(&format!("sqlite://{path}"), house.clock.clone()).await.unwrap();
    back.migrate().await.unwrap();
    let server = House::on_postgres().await;
    let between = server.as_ref().map_or(&house.store, |server| &server.store);
    if server.is_some() {
        let there = house.store.copy_into(between, |_| {}).await.unwrap();
        assert!(there > 1_400, "{there} rows");
    }
    let mut said = Vec::new();
    between.copy_into(&back, |it| said.push((it.table.to_owned(), it.rows, it.of))).await.unwrap();
    assert!(said.contains(&("known".to_owned(), 1_236, 1_236)), "{said:?}");
    assert!(said.iter().filter(|(table, ..)| table == "deliveries").count() > 5, "{said:?}");
    back.close().await;
    equal(&house, &path).await;
}

#[tokio::test]
async fn what_breaks_in_the_middle_leaves_nothing_behind() {
    crate::house::on_both(async |target| {
        let house = House::on_sqlite().await;
        fill(&house).await;
        assert_eq!(target.store.holds_something().await.unwrap(), None);
        target.says("DROP TABLE kept_rights").await;
        let broken = house.store.copy_into(&target.store, |_| {}).await.unwrap_err();
        assert!(matches!(broken, Error::NotMigrated), "{broken}");
        assert_eq!(target.store.holds_something().await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn who_is_awake_and_what_is_old_is_noticed() {
    crate::house::on_both(async |house| {
        assert!(house.store.is_up_to_date().await.unwrap() && !house.store.is_at_work().await.unwrap());
        house.store.take_slot("awake", 60_000).await.unwrap();
        assert!(house.store.is_at_work().await.unwrap());
        house.pass(61);
        assert!(!house.store.is_at_work().await.unwrap());
        house.says("DELETE FROM migrations WHERE version > 15").await;
        assert!(!house.store.is_up_to_date().await.unwrap());
        assert!(house.on(Engine::Sqlite) || house.on(Engine::Postgres));
    })
    .await;
}
