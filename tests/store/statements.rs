//! Every statement prepares on both engines, and the claim finds its way by the indexes.

use dipper::store::{Engine, statements};
use sqlx::{AssertSqlSafe, Connection, Executor, Row, SqlSafeStr};

use crate::house::on_both;

#[tokio::test]
async fn every_statement_prepares() {
    on_both(async |house| {
        let mut connection = sqlx::AnyConnection::connect(&house.url).await.unwrap();
        for (name, text) in statements(house.store.engine()) {
            let prepared = connection.prepare(AssertSqlSafe(text).into_sql_str()).await;
            assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
        }
    })
    .await;
}

#[test]
fn every_statement_has_a_name_of_its_own() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let mut names: Vec<_> = statements(engine).into_iter().map(|(name, _)| name).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!((names.len(), all > 70), (all, true));
    }
}

/// What is said for every job or request there is.
const HOT: [&str; 6] =
    ["job take", "job line", "job next", "job silent", "jobs next due", "intake seen delivery"];

#[tokio::test]
async fn what_runs_all_the_time_never_reads_a_whole_table() {
    on_both(async |house| {
        let mut connection = sqlx::AnyConnection::connect(&house.url).await.unwrap();
        for (name, text) in statements(house.store.engine()) {
            if !HOT.contains(&name.as_str()) {
                continue;
            }
            let plan = if house.on(Engine::Postgres) {
                let values = (1..9).filter(|at| text.contains(&format!("${at}")));
                let values = values.map(|_| "NULL").collect::<Vec<_>>().join(", ");
                let generic = "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;";
                let prepare = format!("{generic} DEALLOCATE ALL; PREPARE it AS {text}");
                sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut connection).await.unwrap();
                plan_of(&mut connection, format!("EXPLAIN EXECUTE it ({values})")).await
            } else {
                plan_of(&mut connection, format!("EXPLAIN QUERY PLAN {text}")).await
            };
            assert!(!plan.contains("SCAN jobs") && !plan.contains("Seq Scan on"), "{name}:\n{plan}");
            if name == "job take" {
                for index in ["jobs_ready", "jobs_line"] {
                    assert!(plan.contains(index), "{name} without {index}:\n{plan}");
                }
                assert!(!plan.contains("SCAN j\n"), "{name}:\n{plan}");
            }
        }
    })
    .await;
}

async fn plan_of(connection: &mut sqlx::AnyConnection, text: String) -> String {
    let rows = sqlx::raw_sql(AssertSqlSafe(text)).fetch_all(connection).await.unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.get(row.len() - 1)).collect();
    lines.join("\n")
}
