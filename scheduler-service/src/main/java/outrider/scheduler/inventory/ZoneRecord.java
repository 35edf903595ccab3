package outrider.scheduler.inventory;

/// A record of a zone, as it is imported, kept and handed out.
///
/// @param name absolute, in lower case, without the last dot
/// @param type its mnemonic: `A`, `MX`
/// @param data as in a zone file (RFC 1035, section 5)
record ZoneRecord(String name, String type, long ttl, String data) {}
