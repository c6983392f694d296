package import Contract
internal import Kernel
package import RPC
internal import Storage

/// `KioskService`: what kiosks tell, and what operators tell kiosks.
package struct KioskDesk: PlatformV1.KioskService {
    private typealias Methods = PlatformV1.KioskServiceMethods

    let platform: Platform

    package init(platform: Platform) { self.platform = platform }

    package static let access: [AccessRule] = [
        AccessRule(Methods.sendHeartbeat, .device),
        AccessRule(Methods.listKiosks, .staff(.operator, .counterClerk, .gridLeader)),
        AccessRule(Methods.getKiosk, .staff(.operator, .counterClerk, .gridLeader)),
        AccessRule(Methods.registerKiosk, .staff(.operator)),
        AccessRule(Methods.lockKiosk, .staff(.operator, .counterClerk)),
        AccessRule(Methods.unlockKiosk, .staff(.operator, .counterClerk)),
    ]
    /// Roles that see kiosks in their place.
    private static let readers: [Role] = [.operator, .counterClerk, .gridLeader]
    private static let name: ResourceName.Pattern = "kiosks/{kiosk}"
    /// Number to call where a place has none of its own: the government hotline.
    private static let hotline: String = "12345"
    /// A page is gathered from at most this many reads where only some kiosks are wanted.
    private static let filteredReadsMax: Int = 20

    /// A heartbeat alone is no change that anybody answers for, and leaves no trace in the audit log; a part that stops
    /// working or works again does.
    package func sendHeartbeat(_ request: PlatformV1.SendHeartbeatRequest, _ call: ServerCall) async throws
        -> PlatformV1.SendHeartbeatResponse
    {
        let device: Principal = try call.requirePrincipal()
        let version: String = try KioskLimits.versionRule.apply(request.version, field: "version")
        let parts: KioskParts = try Self.parts(request)
        return try await platform.performAsSystem(action: "kiosk.report") { unit in
            guard let kiosk: KioskRecord = try KioskStore.find(unit.connection, id: device.id) else {
                throw KioskTexts.notFound
            }
            try KioskStore.beat(unit.connection, id: kiosk.id, version: version, parts, now: unit.now)
            if parts != kiosk.parts {
                unit.audit(subject: kiosk.name, details: Self.details(parts))
                if parts.needsAttention {
                    unit.publish(DomainEvent(type: "kiosk.attention", subject: kiosk.name))
                }
            }
            let place: OrganizationRecord = try Organizations.get(unit.connection, kiosk.placeCode)
            let reason: String = kiosk.lockReason ?? ""
            return PlatformV1.SendHeartbeatResponse(
                locked: kiosk.lockReason != nil,
                lockText: .init(zh: reason, en: ""),
                intervalSeconds: Int32(KioskLimits.heartbeatSeconds),
                hotline: place.phone.isEmpty ? Self.hotline : place.phone,
                placeText: place.pathText, hall: kiosk.hall)
        }
    }

    package func listKiosks(_ request: PlatformV1.ListKiosksRequest, _ call: ServerCall) async throws
        -> PlatformV1.ListKiosksResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: ["kiosks", "\(request.attentionOnly)"])
        return try await platform.read(call) { context in
            let rows: [KioskRecord] = try Self.kiosks(
                attentionOnly: request.attentionOnly, scope: principal.scope(Self.readers),
                after: paging.after?.first ?? "", limit: paging.limit, context)
            let page: (rows: [KioskRecord], nextPageToken: String) = paging.cut(rows) { [$0.id] }
            return PlatformV1.ListKiosksResponse(
                kiosks: try page.rows.map { try $0.message(context.connection, now: context.now) },
                nextPageToken: page.nextPageToken)
        }
    }

    /// Whether a kiosk is off line depends on the time of the answer, so that it is asked of the rows.
    private static func kiosks(
        attentionOnly: Bool, scope: ScopeFilter, after: String, limit: Int, _ context: ReadContext
    ) throws -> [KioskRecord] {
        var found: [KioskRecord] = []
        var position: String = after
        for _ in 0..<filteredReadsMax {
            let rows: [KioskRecord] = try KioskStore.list(
                context.connection, scope: scope, after: position, limit: limit)
            found += rows.filter { !attentionOnly || $0.needsAttention(at: context.now) }
            guard found.count < limit, rows.count == limit, let last: KioskRecord = rows.last else { break }
            position = last.id
        }
        return Array(found.prefix(limit))
    }

    package func getKiosk(_ request: PlatformV1.GetKioskRequest, _ call: ServerCall) async throws
        -> PlatformV1.Kiosk
    {
        let id: String = try ResourceName(parsing: request.name, Self.name).id
        let principal: Principal = try call.requirePrincipal()
        return try await platform.read(call) { context in
            try Self.require(id, principal, context.connection)
                .message(context.connection, now: context.now)
        }
    }

    package func registerKiosk(_ request: PlatformV1.RegisterKioskRequest, _ call: ServerCall) async throws
        -> PlatformV1.Kiosk
    {
        let code: String = try OrganizationName.code(request.place, field: "place")
        let name: String = try KioskLimits.nameRule.apply(request.displayName, field: "display_name")
        guard Self.isID(request.id) else { throw KioskTexts.id }
        guard request.hall.utf8.count <= KioskLimits.hallLength else { throw KioskTexts.id }
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "kiosk.register"
        ) { unit in
            let place: OrganizationRecord = try Boundaries.usable(
                unit.connection, code, on: unit.now.shanghaiDate)
            try StaffService.requireScope(unit, path: place.path)
            if try KioskStore.find(unit.connection, id: request.id) != nil {
                _ = try Self.require(request.id, unit.principal, unit.connection)
            }
            try KioskStore.register(
                unit.connection,
                KioskRecord(
                    id: request.id, displayName: name, placeCode: place.code, placePath: place.path,
                    hall: request.hall), now: unit.now)
            unit.audit(
                subject: "kiosks/\(request.id)", details: ["place": place.code, "hall": request.hall])
            return try Self.require(request.id, unit.principal, unit.connection)
                .message(unit.connection, now: unit.now)
        }
    }

    package func lockKiosk(_ request: PlatformV1.LockKioskRequest, _ call: ServerCall) async throws
        -> PlatformV1.Kiosk
    {
        let id: String = try ResourceName(parsing: request.name, Self.name).id
        let reason: String = try KioskLimits.reasonRule.apply(request.reason, field: "reason")
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "kiosk.lock"
        ) { unit in
            try Self.setLock(id, reason: reason, unit)
        }
    }

    package func unlockKiosk(_ request: PlatformV1.UnlockKioskRequest, _ call: ServerCall) async throws
        -> PlatformV1.Kiosk
    {
        let id: String = try ResourceName(parsing: request.name, Self.name).id
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "kiosk.unlock"
        ) { unit in
            try Self.setLock(id, reason: nil, unit)
        }
    }

    /// Locking ends the sessions of the device at once: whoever stands there has to go to a counter.
    private static func setLock(_ id: String, reason: String?, _ unit: UnitOfWork) throws -> PlatformV1.Kiosk
    {
        let kiosk: KioskRecord = try require(id, unit.principal, unit.connection)
        guard (kiosk.lockReason == nil) == (reason != nil) else {
            throw reason == nil ? KioskTexts.notLocked : KioskTexts.alreadyLocked
        }
        guard
            try KioskStore.setLock(unit.connection, id: id, reason: reason, version: kiosk.version)
        else { throw Refusal.conflict() }
        var ended: Int = 0
        if reason != nil { ended = try Sessions.endAll(unit.connection, device: id) }
        unit.audit(subject: kiosk.name, details: ["reason": reason ?? "", "sessions": "\(ended)"])
        return try require(id, unit.principal, unit.connection).message(unit.connection, now: unit.now)
    }

    /// A kiosk within the caller's scope.
    private static func require(_ id: String, _ principal: Principal, _ connection: any Connection) throws
        -> KioskRecord
    {
        guard let kiosk: KioskRecord = try KioskStore.find(connection, id: id),
            principal.scope(readers).contains(path: kiosk.placePath)
        else { throw KioskTexts.notFound }
        return kiosk
    }

    private static func isID(_ text: String) -> Bool {
        KioskLimits.idLength.contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || ASCII.digitValue(byte) != nil
                    || byte == UInt8(ascii: "-")
            }
    }

    private static func parts(_ request: PlatformV1.SendHeartbeatRequest) throws(Refusal) -> KioskParts {
        var parts: KioskParts = KioskParts()
        parts.receiptPrinter = try part(request.receiptPrinter, "receipt_printer")
        parts.paper = try part(request.paper, "paper")
        parts.documentPrinter = try part(request.documentPrinter, "document_printer")
        parts.cardReader = try part(request.cardReader, "card_reader")
        return parts
    }

    private static func part(_ state: PlatformV1.PartState, _ field: String) throws(Refusal) -> KioskPart {
        guard let part: KioskPart = KioskPart(rawValue: Int(state.rawValue)) else {
            throw .invalid(
                field: field, reason: "PART_STATE", zh: "没有这种部件状态，请更新一体机程序。",
                en: "There is no such state of a part. Update the kiosk's program.")
        }
        return part
    }

    private static func details(_ parts: KioskParts) -> [String: String] {
        [
            "receipt_printer": "\(parts.receiptPrinter)", "paper": "\(parts.paper)",
            "document_printer": "\(parts.documentPrinter)", "card_reader": "\(parts.cardReader)",
        ]
    }
}

extension KioskRecord {
    func message(_ connection: any Connection, now: Instant) throws -> PlatformV1.Kiosk {
        let place: OrganizationRecord = try Organizations.get(connection, placeCode)
        func state(_ part: KioskPart) -> PlatformV1.PartState { .init(rawValue: Int32(part.rawValue)) }
        return PlatformV1.Kiosk(
            name: name, displayName: displayName, place: OrganizationName.text(placeCode),
            placeText: place.pathText, hall: hall, version: programVersion,
            lastHeartbeatTime: lastHeartbeat.map { .init($0) }, online: isOnline(at: now),
            receiptPrinter: state(parts.receiptPrinter), paper: state(parts.paper),
            documentPrinter: state(parts.documentPrinter), cardReader: state(parts.cardReader),
            lockReason: lockReason ?? "", locked: lockReason != nil,
            etag: Etag(version: version).description)
    }
}
