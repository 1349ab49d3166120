use std::sync::mpsc::channel;

use migrate_test_support::postgres::cluster;

use super::*;

/// Connects as the superuser, does something with the client, and returns the notices too.
fn with_client<T>(parameters: &str, act: impl AsyncFnOnce(&Client) -> T) -> (T, Vec<String>) {
    let text = format!("{}?sslmode=disable{parameters}", cluster().url("postgres"));
    let settings = Conninfo::parse(&text).unwrap().resolve(&Process).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (sender, notices) = channel();
    let found = runtime.block_on(async {
        let client = connect(&settings, Some(&sender)).await.unwrap();
        act(&client).await
    });
    drop((runtime, sender));
    (found, notices.iter().collect())
}

async fn ask(client: &Client, query: &str) -> Result<String, tokio_postgres::Error> {
    let messages = client.simple_query(query).await?;
    let value = messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    Ok(value.unwrap_or_default())
}

#[test]
fn settings_reach_the_server() {
    let show = |parameters: &str, setting: &str| {
        with_client(parameters, async |client| ask(client, &format!("SHOW {setting}")).await.unwrap()).0
    };
    assert_eq!(show("", "application_name"), "migrate");
    assert_eq!(show("&application_name=an%20app", "application_name"), "an app");
    assert_eq!(show("&options=-c%20work_mem=1234kB", "work_mem"), "1234kB");
    assert_eq!(show("", "client_encoding"), "UTF8");
}

#[test]
fn notices_and_the_end_are_told() {
    let (_, notices) = with_client("", async |client| {
        ask(client, "DO $$ BEGIN RAISE NOTICE 'one' USING HINT = 'two'; END $$").await.unwrap();
        let pid = ask(client, "SELECT pg_catalog.pg_backend_pid()").await.unwrap();
        cluster().psql("postgres", &format!("SELECT pg_catalog.pg_terminate_backend({pid}, 10000)"));
        // A query that is on its way would be told instead.
        while !client.is_closed() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    });
    assert_eq!(notices[0], "NOTICE: one\nHINT: two");
    assert!(notices[1].contains("terminating connection due to administrator command"), "{notices:?}");
}

#[test]
fn random_order_keeps_everything() {
    let settings = |text: &str| Conninfo::parse(text).unwrap().resolve(&Process).unwrap();
    let all: Vec<u32> = (0..50).collect();
    assert_eq!(ordered(all.clone(), &settings("host=db load_balance_hosts=disable")), all);
    let mut random = ordered(all.clone(), &settings("host=db load_balance_hosts=random"));
    assert_ne!(random, all);
    random.sort_unstable();
    assert_eq!(random, all);
}
