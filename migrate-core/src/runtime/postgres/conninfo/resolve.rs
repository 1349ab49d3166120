//! Fills in what the connection string leaves out.

use std::time::Duration;

use crate::{Error, Result};

use super::choice::{ChannelBinding, LoadBalanceHosts, TargetSessionAttrs};
use super::environment::Environment;
use super::hosts;
use super::parameter::{self, PARAMETERS};
use super::settings::{Keepalives, Password, Settings};
use super::values::{Origin, Values};
use super::{passfile, security, service};

/// libpq waits for ever; a migration that hangs in a deploy is worse than one that fails.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The name in `pg_stat_activity`.
const APPLICATION_NAME: &str = "migrate";

/// Returns the settings.
pub(super) fn settings(mut values: Values, environment: &dyn Environment) -> Result<Settings> {
    let mut notes = Vec::new();
    // The service first: libpq lets it win over the environment, which may only name it.
    for name in ["service", "servicefile"] {
        apply_variable(name, &mut values, environment)?;
    }
    service::apply(&mut values, environment)?;
    for parameter in PARAMETERS {
        apply_variable(parameter.name, &mut values, environment)?;
    }
    note_encoding(environment, &mut notes);
    let values = values;

    let user = match values.text("user") {
        Some(user) => user.to_owned(),
        None => environment.user().ok_or_else(|| {
            Error::usage("no user is given, and the system does not tell the name of the account")
                .hint("postgresql://USER@HOST/DATABASE")
        })?,
    };
    let database = values.text("dbname").unwrap_or(&user).to_owned();
    let mut hosts = hosts::hosts(&values, environment)?;
    match values.get("password") {
        Some(password) => {
            let password = Password { text: password.text.clone(), origin: password.origin.clone() };
            hosts.iter_mut().for_each(|host| host.password = Some(password.clone()));
        }
        None => notes.extend(passfile::apply(&mut hosts, (&user, &database), &values, environment)),
    }
    let application_name = values.text("application_name").or(values.text("fallback_application_name"));
    let reaches_tcp = hosts.iter().any(|host| host.address.is_tcp());
    let tls = security::tls(&values, reaches_tcp, environment, &mut notes)?;
    Ok(Settings {
        user,
        database,
        options: values.text("options").map(str::to_owned),
        application_name: application_name.unwrap_or(APPLICATION_NAME).to_owned(),
        connect_timeout: connect_timeout(&values),
        keepalives: keepalives(&values),
        target_session_attrs: values
            .choice("target_session_attrs", TargetSessionAttrs::from_word)
            .unwrap_or(TargetSessionAttrs::Any),
        load_balance_hosts: values
            .choice("load_balance_hosts", LoadBalanceHosts::from_word)
            .unwrap_or(LoadBalanceHosts::Disable),
        channel_binding: values.choice("channel_binding", ChannelBinding::from_word).unwrap_or(ChannelBinding::Prefer),
        tls,
        hosts,
        notes,
    })
}

fn apply_variable(name: &str, values: &mut Values, environment: &dyn Environment) -> Result<()> {
    let Some(variable) = parameter::find(name).and_then(|parameter| parameter.variable) else {
        return Ok(());
    };
    match environment.variable(variable) {
        // An empty variable is one that a shell or a container has not been given.
        Some(text) if !text.is_empty() => values.set_default(name, text, Origin::Variable(variable)),
        _ => Ok(()),
    }
}

fn note_encoding(environment: &dyn Environment, notes: &mut Vec<String>) {
    if let Some(encoding) = environment.variable("PGCLIENTENCODING") {
        if !encoding.is_empty() && !parameter::is_utf8(&encoding) {
            notes.push("PGCLIENTENCODING has no effect: revision files are UTF-8".to_owned());
        }
    }
}

fn connect_timeout(values: &Values) -> Option<Duration> {
    match values.number("connect_timeout") {
        None => Some(CONNECT_TIMEOUT),
        // As in libpq, zero and less wait for ever.
        Some(seconds) => u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).map(Duration::from_secs),
    }
}

fn keepalives(values: &Values) -> Keepalives {
    // Zero leaves the choice to the system, and so does what is below it.
    let positive = |name| values.number(name).and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0);
    Keepalives {
        on: values.switch("keepalives").unwrap_or(true),
        idle: positive("keepalives_idle").map(Duration::from_secs),
        interval: positive("keepalives_interval").map(Duration::from_secs),
        count: positive("keepalives_count").and_then(|n| u32::try_from(n).ok()),
        user_timeout: positive("tcp_user_timeout").map(Duration::from_millis),
    }
}
