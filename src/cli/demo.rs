//! `dipper demo --once`.
use super::Failed;
pub async fn once() -> Result<(), Failed> {
    Ok(())
}
