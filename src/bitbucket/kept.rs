//! Everything the trait asks of an edition, and the file that does it: the same file in both.

/// The trait, kept by an edition: each question goes to the file named for its noun, with the time running.
macro_rules! kept_by {
    ($edition:ident) => {
        use async_trait::async_trait;

        use crate::bitbucket::{Bitbucket, Each, HookSettings, Provisioned, Result};
        use crate::seal::Secret;
        use crate::words::access::{Ground, Level, ProjectName, Right};
        use crate::words::build::{Build, NewBuild};
        use crate::words::code::{Changes, Comparison, Diff, FileText, Lines, Range};
        use crate::words::comment::{Activity, Comment, NewComment, NewTask, Task};
        use crate::words::commit::{Branch, Commit, CommitDetail, CommitFilter, NewTag, Repository, Tag};
        use crate::words::merge::{Merge, Mergeability, Strategies};
        use crate::words::names::{PersonId, PrName, RepoName};
        use crate::words::pipeline::{Deployment, NewRun, Run, Step};
        use crate::words::protection::{Guard, Protection};
        use crate::words::pull_request::{
            Mention, NewPullRequest, Person, PullRequest, PullRequestChange, PullRequestFilter, ReviewQueue,
        };
        use crate::words::repository::{NewRepository, RepositoryChange};
        use crate::words::webhook::{HookPlace, Webhook};

        #[async_trait]
        impl Bitbucket for $edition {
            async fn me(&self) -> Result<Person> {
                people::me(&self.begun()).await
            }

            async fn person(&self, id: &PersonId) -> Result<Person> {
                people::one(&self.begun(), id).await
            }

            async fn people_named(&self, owner: &str, typed: &str, limit: usize) -> Result<Vec<Person>> {
                people::named(&self.begun(), owner, typed, limit).await
            }

            async fn email_of(&self, id: &PersonId) -> Result<Option<String>> {
                people::email_of(&self.begun(), id).await
            }

            async fn people_by_email(&self, owner: &str, emails: &[String]) -> Result<Vec<(String, Person)>> {
                people::by_email(&self.begun(), owner, emails).await
            }

            async fn members(&self, owner: &str, limit: usize) -> Result<Vec<Person>> {
                people::members(&self.begun(), owner, limit).await
            }

            async fn repository(&self, repo: &RepoName) -> Result<Repository> {
                repositories::one(&self.begun(), repo).await
            }

            async fn repositories(&self, owner: &str, typed: &str, limit: usize) -> Result<Vec<Repository>> {
                repositories::of(&self.begun(), owner, typed, limit).await
            }

            async fn find_repositories(&self, typed: &str, limit: usize) -> Result<Vec<Repository>> {
                repositories::find(&self.begun(), typed, limit).await
            }

            async fn default_reviewers(
                &self,
                repo: &RepoName,
                source: &str,
                target: &str,
            ) -> Result<Vec<Person>> {
                repositories::default_reviewers(&self.begun(), repo, source, target).await
            }

            async fn branches(&self, repo: &RepoName, typed: &str, limit: usize) -> Result<Vec<Branch>> {
                refs::branches(&self.begun(), repo, typed, limit).await
            }

            async fn create_branch(&self, repo: &RepoName, name: &str, at: &str) -> Result<Branch> {
                refs::create_branch(&self.begun(), repo, name, at).await
            }

            async fn delete_branch(&self, repo: &RepoName, name: &str) -> Result<()> {
                refs::delete_branch(&self.begun(), repo, name).await
            }

            async fn tags(&self, repo: &RepoName, typed: &str, limit: usize) -> Result<Vec<Tag>> {
                refs::tags(&self.begun(), repo, typed, limit).await
            }

            async fn create_tag(&self, repo: &RepoName, new: &NewTag) -> Result<Tag> {
                refs::create_tag(&self.begun(), repo, new).await
            }

            async fn delete_tag(&self, repo: &RepoName, name: &str) -> Result<()> {
                refs::delete_tag(&self.begun(), repo, name).await
            }

            async fn commits(
                &self,
                repo: &RepoName,
                filter: &CommitFilter,
                limit: usize,
            ) -> Result<Vec<Commit>> {
                commits::newest(&self.begun(), repo, filter, limit).await
            }

            fn each_commit<'a>(
                &'a self,
                repo: &'a RepoName,
                filter: &'a CommitFilter,
                most: usize,
            ) -> Each<'a, Commit> {
                commits::each(self, repo, filter, most)
            }

            async fn commit(&self, repo: &RepoName, at: &str) -> Result<CommitDetail> {
                commits::one(&self.begun(), repo, at).await
            }

            async fn compare(&self, repo: &RepoName, range: &Range, limit: usize) -> Result<Comparison> {
                commits::compare(&self.begun(), repo, range, limit).await
            }

            async fn changes(&self, repo: &RepoName, range: &Range, limit: usize) -> Result<Changes> {
                code::changes(&self.begun(), repo, range, limit).await
            }

            async fn diff(&self, repo: &RepoName, range: &Range, path: Option<&str>) -> Result<Diff> {
                code::diff(&self.begun(), repo, range, path).await
            }

            async fn commit_diff(&self, repo: &RepoName, hash: &str) -> Result<Diff> {
                code::diff_of_commit(&self.begun(), repo, hash).await
            }

            async fn pull_requests_with(
                &self,
                repo: &RepoName,
                hash: &str,
                limit: usize,
            ) -> Result<Vec<Mention>> {
                commits::pull_requests(&self.begun(), repo, hash, limit).await
            }

            async fn file(
                &self,
                repo: &RepoName,
                path: &str,
                at: Option<&str>,
                lines: Lines,
            ) -> Result<FileText> {
                code::file(&self.begun(), repo, (path, at), lines).await
            }

            async fn pull_request(&self, pr: &PrName) -> Result<PullRequest> {
                pull_requests::one(&self.begun(), pr).await
            }

            async fn pull_requests(
                &self,
                repo: &RepoName,
                filter: &PullRequestFilter,
                limit: usize,
            ) -> Result<Vec<PullRequest>> {
                pull_requests::list(&self.begun(), repo, filter, limit).await
            }

            fn each_pull_request<'a>(
                &'a self,
                repo: &'a RepoName,
                filter: &'a PullRequestFilter,
                most: usize,
            ) -> Each<'a, PullRequest> {
                pull_requests::each(self, repo, filter, most)
            }

            async fn my_pull_requests(&self, limit: usize) -> Result<Vec<PullRequest>> {
                pull_requests::mine(&self.begun(), limit).await
            }

            async fn review_queue(&self, followed: &[RepoName], limit: usize) -> Result<ReviewQueue> {
                pull_requests::queue(&self.begun(), followed, limit).await
            }

            async fn open_pull_request(&self, new: &NewPullRequest) -> Result<PullRequest> {
                pull_requests::open_new(&self.begun(), new).await
            }

            async fn update_pull_request(
                &self,
                pr: &PrName,
                change: &PullRequestChange,
            ) -> Result<PullRequest> {
                pull_requests::update(&self.begun(), pr, change).await
            }

            async fn approve(&self, pr: &PrName) -> Result<()> {
                reviews::approve(&self.begun(), pr).await
            }

            async fn unapprove(&self, pr: &PrName) -> Result<()> {
                reviews::unapprove(&self.begun(), pr).await
            }

            async fn request_changes(&self, pr: &PrName) -> Result<()> {
                reviews::request_changes(&self.begun(), pr).await
            }

            async fn withdraw_request(&self, pr: &PrName) -> Result<()> {
                reviews::withdraw_request(&self.begun(), pr).await
            }

            async fn add_reviewer(&self, pr: &PrName, who: &PersonId) -> Result<()> {
                reviews::add(&self.begun(), pr, who).await
            }

            async fn remove_reviewer(&self, pr: &PrName, who: &PersonId) -> Result<()> {
                reviews::remove(&self.begun(), pr, who).await
            }

            async fn merge_strategies(&self, pr: &PrName) -> Result<Strategies> {
                merges::strategies(&self.begun(), pr).await
            }

            async fn mergeability(&self, pr: &PrName) -> Result<Mergeability> {
                merges::mergeability(&self.begun(), pr).await
            }

            async fn merge(&self, pr: &PrName, how: &Merge) -> Result<PullRequest> {
                merges::merge(&self.begun_for(merges::MERGE_TIME), pr, how).await
            }

            async fn decline(&self, pr: &PrName, reason: Option<&str>) -> Result<PullRequest> {
                merges::decline(&self.begun(), pr, reason).await
            }

            fn reopens(&self) -> bool {
                merges::REOPENS
            }

            async fn reopen(&self, pr: &PrName) -> Result<PullRequest> {
                merges::reopen(&self.begun(), pr).await
            }

            async fn activity(&self, pr: &PrName, limit: usize) -> Result<Vec<Activity>> {
                activity::story(&self.begun(), pr, limit).await
            }

            async fn checks(&self, pr: &PrName, limit: usize) -> Result<Vec<Build>> {
                builds::of_pull_request(&self.begun(), pr, limit).await
            }

            async fn pull_request_commits(&self, pr: &PrName, limit: usize) -> Result<Vec<Commit>> {
                commits::of_pull_request(&self.begun(), pr, limit).await
            }

            async fn pull_request_changes(&self, pr: &PrName, limit: usize) -> Result<Changes> {
                code::changes_of(&self.begun(), pr, limit).await
            }

            async fn pull_request_diff(&self, pr: &PrName) -> Result<Diff> {
                code::diff_of(&self.begun(), pr).await
            }

            async fn comments(&self, pr: &PrName, limit: usize) -> Result<Vec<Comment>> {
                comments::list(&self.begun(), pr, limit).await
            }

            async fn comment(&self, pr: &PrName, id: u64) -> Result<Comment> {
                comments::one(&self.begun(), pr, id).await
            }

            async fn add_comment(&self, pr: &PrName, new: &NewComment) -> Result<Comment> {
                comments::add(&self.begun(), pr, new).await
            }

            fn comment_url(&self, pr: &PullRequest, id: u64) -> String {
                comments::url(pr, id)
            }

            async fn edit_comment(&self, pr: &PrName, id: u64, text: &str) -> Result<Comment> {
                comments::edit(&self.begun(), pr, id, text).await
            }

            async fn delete_comment(&self, pr: &PrName, id: u64) -> Result<()> {
                comments::delete(&self.begun(), pr, id).await
            }

            async fn resolve_comment(&self, pr: &PrName, id: u64, resolved: bool) -> Result<()> {
                comments::resolve(&self.begun(), pr, id, resolved).await
            }

            async fn tasks(&self, pr: &PrName, limit: usize) -> Result<Vec<Task>> {
                tasks::list(&self.begun(), pr, limit).await
            }

            async fn add_task(&self, pr: &PrName, new: &NewTask) -> Result<Task> {
                tasks::add(&self.begun(), pr, new).await
            }

            async fn edit_task(&self, pr: &PrName, id: u64, text: &str) -> Result<Task> {
                tasks::edit(&self.begun(), pr, id, text).await
            }

            async fn settle_task(&self, pr: &PrName, id: u64, done: bool) -> Result<Task> {
                tasks::settle(&self.begun(), pr, id, done).await
            }

            async fn delete_task(&self, pr: &PrName, id: u64) -> Result<()> {
                tasks::delete(&self.begun(), pr, id).await
            }

            async fn builds(&self, repo: &RepoName, hash: &str, limit: usize) -> Result<Vec<Build>> {
                builds::list(&self.begun(), repo, hash, limit).await
            }

            async fn report_build(&self, repo: &RepoName, hash: &str, new: &NewBuild) -> Result<()> {
                builds::report(&self.begun(), repo, hash, new).await
            }

            async fn rights(&self, repo: &RepoName, limit: usize) -> Result<Vec<Right>> {
                rights::all(&self.begun(), repo, limit).await
            }

            async fn administers(&self, repo: &RepoName) -> Result<bool> {
                rights::mine(&self.begun(), repo).await
            }

            async fn project_of(&self, repo: &RepoName) -> Result<ProjectName> {
                rights::project_of(&self.begun(), repo).await
            }

            async fn right_of(&self, ground: &Ground, who: &PersonId) -> Result<Option<Level>> {
                rights::of(&self.begun(), ground, who).await
            }

            async fn set_right(&self, ground: &Ground, who: &PersonId, level: Option<Level>) -> Result<()> {
                rights::set(&self.begun(), ground, who, level).await
            }

            async fn set_group_right(
                &self,
                ground: &Ground,
                group: &str,
                level: Option<Level>,
            ) -> Result<()> {
                rights::set_group(&self.begun(), ground, group, level).await
            }

            async fn protections(&self, repo: &RepoName, limit: usize) -> Result<Vec<Protection>> {
                protections::all(&self.begun(), repo, limit).await
            }

            async fn protect(
                &self,
                repo: &RepoName,
                what: (&str, &Guard),
                known: Option<&str>,
            ) -> Result<()> {
                protections::add(&self.begun(), repo, what, known).await
            }

            async fn unprotect(&self, repo: &RepoName, id: &str) -> Result<()> {
                protections::remove(&self.begun(), repo, id).await
            }

            async fn create_repository(&self, new: &NewRepository) -> Result<Repository> {
                housekeeping::create(&self.begun(), new).await
            }

            async fn update_repository(
                &self,
                repo: &RepoName,
                change: &RepositoryChange,
            ) -> Result<Repository> {
                housekeeping::update(&self.begun(), repo, change).await
            }

            async fn fork_repository(&self, repo: &RepoName, into: &RepoName) -> Result<Repository> {
                housekeeping::fork(&self.begun(), repo, into).await
            }

            async fn delete_repository(&self, repo: &RepoName) -> Result<()> {
                housekeeping::delete(&self.begun(), repo).await
            }

            async fn runs(&self, repo: &RepoName, branch: Option<&str>, limit: usize) -> Result<Vec<Run>> {
                pipelines::list(&self.begun(), repo, branch, limit).await
            }

            async fn run(&self, repo: &RepoName, id: &str) -> Result<Run> {
                pipelines::one(&self.begun(), repo, id).await
            }

            async fn run_steps(&self, repo: &RepoName, id: &str) -> Result<Vec<Step>> {
                pipelines::steps(&self.begun(), repo, id).await
            }

            async fn start_run(&self, repo: &RepoName, new: &NewRun) -> Result<Run> {
                pipelines::start(&self.begun(), repo, new).await
            }

            async fn stop_run(&self, repo: &RepoName, id: &str) -> Result<()> {
                pipelines::stop(&self.begun(), repo, id).await
            }

            async fn step_log(&self, repo: &RepoName, id: &str, step: &str) -> Result<String> {
                pipelines::log(&self.begun(), repo, id, step).await
            }

            async fn deployments(&self, repo: &RepoName, limit: usize) -> Result<Vec<Deployment>> {
                pipelines::deployments(&self.begun(), repo, limit).await
            }

            async fn webhooks(&self, place: &HookPlace, limit: usize) -> Result<Vec<Webhook>> {
                hooks::list(&self.begun(), place, limit).await
            }

            async fn create_webhook(&self, place: &HookPlace, new: &HookSettings) -> Result<Provisioned> {
                hooks::create(&self.begun(), place, new).await
            }

            async fn update_webhook(
                &self,
                place: &HookPlace,
                id: &str,
                settings: &HookSettings,
                secret: &Secret,
            ) -> Result<Webhook> {
                hooks::update(&self.begun(), place, id, (settings, secret)).await
            }

            async fn delete_webhook(&self, place: &HookPlace, id: &str) -> Result<()> {
                hooks::delete(&self.begun(), place, id).await
            }

            async fn test_webhook(&self, place: &HookPlace, hook: &Webhook) -> Result<String> {
                hooks::test(&self.begun(), place, hook).await
            }
        }
    };
}

pub(super) use kept_by;
