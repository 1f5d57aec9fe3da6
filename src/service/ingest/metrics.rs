//! What this room counts. No label names a unit, a token or an operation.

use crate::domain::tracks::fix::QuarantineReason;
use crate::service::desk::FixReceipt;
use crate::wire::phones::PassedOver;
use crate::wire::problem::ProblemKind;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The counters of this room. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct IngestMetrics {
    accepted: Counter,
    duplicate: Counter,
    quarantined: Family<Reason, Counter>,
    passed_over: Family<Message, Counter>,
    refused: Family<Problem, Counter>,
    closed: Family<Code, Counter>,
    acts: Counter,
    received_bytes: Counter,
    sockets: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Message {
    message: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Problem {
    problem: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: u16,
}

impl IngestMetrics {
    /// Counters at zero, every known label included, named `…ingest_…` in `registry`.
    #[must_use]
    pub fn new(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        for reason in QuarantineReason::ALL {
            let _ = metrics.quarantined.get_or_create(&Reason {
                reason: reason.as_str(),
            });
        }
        for message in PassedOver::ALL {
            let _ = metrics.passed_over.get_or_create(&Message {
                message: message.as_str(),
            });
        }
        metrics.register(registry.sub_registry_with_prefix("ingest"));
        metrics
    }

    fn register(&self, registry: &mut Registry) {
        registry.register("fixes_accepted", "Fixes admitted", self.accepted.clone());
        registry.register(
            "fixes_duplicate",
            "Fixes that were there already",
            self.duplicate.clone(),
        );
        registry.register(
            "fixes_quarantined",
            "Fixes kept apart, by reason",
            self.quarantined.clone(),
        );
        registry.register(
            "messages_passed_over",
            "Messages of phones that are no fix, by kind",
            self.passed_over.clone(),
        );
        registry.register(
            "requests_refused",
            "HTTP requests and upgrades refused, by problem",
            self.refused.clone(),
        );
        registry.register(
            "sockets_closed",
            "Sockets closed by the service, by close code",
            self.closed.clone(),
        );
        registry.register("acts", "Units' own acts carried out", self.acts.clone());
        registry.register(
            "received_bytes",
            "Bytes of bodies and messages as sent",
            self.received_bytes.clone(),
        );
        registry.register("sockets_open", "Open sockets", self.sockets.clone());
    }

    pub(super) fn receipt(&self, receipt: &FixReceipt) {
        self.accepted.inc_by(receipt.accepted);
        self.duplicate.inc_by(receipt.duplicate);
        for fix in &receipt.quarantined {
            let reason = fix.reason.as_str();
            self.quarantined.get_or_create(&Reason { reason }).inc();
        }
    }

    pub(super) fn passed_over(&self, messages: &[PassedOver]) {
        for message in messages {
            let message = message.as_str();
            self.passed_over.get_or_create(&Message { message }).inc();
        }
    }

    pub(super) fn refused(&self, kind: ProblemKind) {
        let problem = kind.word();
        self.refused.get_or_create(&Problem { problem }).inc();
    }

    pub(super) fn closed(&self, code: u16) {
        self.closed.get_or_create(&Code { code }).inc();
    }

    pub(super) fn act(&self) {
        self.acts.inc();
    }

    pub(super) fn received(&self, bytes: usize) {
        self.received_bytes.inc_by(bytes as u64);
    }

    /// One more open socket, until the guard is dropped.
    pub(super) fn socket_opened(&self) -> SocketCounted {
        self.sockets.inc();
        SocketCounted(self.sockets.clone())
    }
}

/// A socket that is counted as open until it is dropped.
#[derive(Debug)]
pub(super) struct SocketCounted(Gauge);

impl Drop for SocketCounted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
