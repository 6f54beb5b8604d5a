//! Recorded REST answers of real Bitbuckets, each read by the operation that would get it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use dipper::bitbucket::Edition;
use serde_json::Value;

use crate::bitbucket_client::pairs::{self, Pair, Use};
use crate::bitbucket_client::reading::Reading;
use crate::bitbucket_client::server::fixtures;

#[tokio::test]
async fn every_cloud_recording_is_read_or_left_out_for_a_reason() {
    all_read(Edition::Cloud, "cloud-rest", pairs::CLOUD).await;
}

#[tokio::test]
async fn every_data_center_recording_is_read_or_left_out_for_a_reason() {
    all_read(Edition::DataCenter, "dc-rest", pairs::DATA_CENTER).await;
}

async fn all_read(edition: Edition, folder: &str, table: &[Pair]) {
    let Some(folder) = fixtures(folder) else { return };
    let (mut used, mut read) = (BTreeSet::new(), 0);
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let row = table.iter().position(|(part, _)| name.contains(part));
        let row = row.unwrap_or_else(|| panic!("no row of the table names {name}"));
        used.insert(row);
        match table[row].1 {
            Use::By(operation) => {
                Reading::new(edition, operation, body(&path)).check(name).await;
                read += 1;
            }
            Use::LeftOut(because) => println!("{name} is left out: {because}"),
        }
    }
    println!("{read} recordings read");
    for (row, (part, _)) in table.iter().enumerate() {
        assert!(used.contains(&row), "the table names {part}, which no recording holds");
    }
}

fn body(path: &Path) -> Value {
    let body = fs::read(path).unwrap();
    serde_json::from_slice(&body).unwrap_or_else(|_| panic!("{} is not JSON", path.display()))
}
