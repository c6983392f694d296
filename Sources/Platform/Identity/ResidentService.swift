internal import Contract
internal import Kernel
internal import RPC
internal import Storage

/// Residents as staff see them: masked, within scope, and each look at more is written down.
struct ResidentService: PlatformV1.ResidentService {
    private static let purposeRule: TextRule = TextRule(4...200)
    private static let residentName: ResourceName.Pattern = "residents/{resident}"
    private static let caseName: ResourceName.Pattern = "cases/{case}"
    /// Who works with residents' data.
    private static let viewers: [Role] = [
        .gridWorker, .gridLeader, .caseAcceptor, .dispatcher, .departmentOfficer, .counterClerk, .operator,
    ]

    let platform: Platform
    let residents: Residents
    let staff: StaffAccounts
    let synthetic: SyntheticData

    init(platform: Platform, synthetic: SyntheticData) {
        self.platform = platform
        self.synthetic = synthetic
        residents = Residents(keyring: platform.keyring)
        staff = StaffAccounts(keyring: platform.keyring)
    }

    private static let forViewers: Audience = .staff(
        .gridWorker, .gridLeader, .caseAcceptor, .dispatcher, .departmentOfficer, .counterClerk, .operator)
    static let access: [AccessRule] = [
        AccessRule(PlatformV1.ResidentServiceMethods.getResident, forViewers),
        AccessRule(PlatformV1.ResidentServiceMethods.listResidents, forViewers),
        AccessRule(
            PlatformV1.ResidentServiceMethods.revealResident,
            .staff(.gridWorker, .gridLeader, .caseAcceptor, .dispatcher, .departmentOfficer, .counterClerk)),
        AccessRule(PlatformV1.ResidentServiceMethods.confirmAtCounter, .staff(.counterClerk)),
        AccessRule(PlatformV1.ResidentServiceMethods.listMyDataAccesses, .resident(level: 1)),
    ]

    func getResident(_ request: PlatformV1.GetResidentRequest, _ call: ServerCall) async throws
        -> PlatformV1.Resident
    {
        let id: String = try ResourceName(parsing: request.name, ResidentService.residentName).id
        let scope: ScopeFilter = try call.requirePrincipal().scope(ResidentService.viewers)
        return try await platform.read(call) { [self] context in
            PlatformV1.Resident(try find(context.connection, id: id, scope: scope))
        }
    }

    func listResidents(_ request: PlatformV1.ListResidentsRequest, _ call: ServerCall) async throws
        -> PlatformV1.ListResidentsResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let home: String? =
            try request.home.isEmpty ? nil : OrganizationName.code(request.home, field: "home")
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken,
            query: ["residents", request.home, request.lookup])
        let today: CivilDate = platform.environment.now().shanghaiDate
        return try await platform.read(call) { [self] context in
            var scope: ScopeFilter = principal.scope(ResidentService.viewers)
            if let home { scope = scope.within(path: try Organizations.get(context.connection, home).path) }
            if !request.lookup.isEmpty {
                let found: ResidentRecord? = try lookup(request.lookup, context.connection, today: today)
                let seen: [ResidentRecord] =
                    try found.map { [$0] }?.filter {
                        scope.contains(path: try residents.homePath(context.connection, id: $0.id))
                    } ?? []
                return PlatformV1.ListResidentsResponse(residents: seen.map(PlatformV1.Resident.init))
            }
            let records: [ResidentRecord] = try residents.list(
                context.connection, scope: scope, before: paging.after?[0], limit: paging.limit)
            let page: (rows: [ResidentRecord], nextPageToken: String) = paging.cut(records) { [$0.id] }
            return PlatformV1.ListResidentsResponse(
                residents: page.rows.map(PlatformV1.Resident.init), nextPageToken: page.nextPageToken)
        }
    }

    func revealResident(_ request: PlatformV1.RevealResidentRequest, _ call: ServerCall) async throws
        -> PlatformV1.RevealResidentResponse
    {
        let id: String = try ResourceName(parsing: request.name, ResidentService.residentName).id
        let purpose: String = try ResidentService.purposeRule.apply(request.purpose, field: "purpose")
        if !request.case.isEmpty {
            _ = try ResourceName(parsing: request.case, ResidentService.caseName, field: "case")
        }
        let fields: [ProtectedResidentField] = try ResidentService.fields(request.fields)
        let roles: [Role] = ResidentService.viewers.filter { $0 != .operator }
        // The look and its entry are one transaction: nobody sees what is not written down.
        return try await platform.perform(call, action: "resident.reveal") { [self] unit in
            _ = try find(unit.connection, id: id, scope: unit.principal.scope(roles))
            guard let viewer = try staff.find(unit.connection, id: unit.principal.id) else {
                throw Refusal.permissionDenied()
            }
            let body: OrganizationRecord = try Organizations.get(unit.connection, viewer.organizationCode)
            try DataAccesses.insert(
                unit, residentID: id, viewer: "\(body.name) \(viewer.post)", fields: fields, purpose: purpose,
                subject: request.case)
            unit.audit(
                subject: request.name,
                details: ["fields": fields.map(\.rawValue).joined(separator: ","), "case": request.case])
            func value(_ field: ProtectedResidentField) throws -> String {
                guard fields.contains(field) else { return "" }
                return try residents.reveal(unit.connection, id: id, field) ?? ""
            }
            return PlatformV1.RevealResidentResponse(
                fullName: try value(.fullName), phone: try value(.phone), idNumber: try value(.idNumber))
        }
    }

    func confirmAtCounter(_ request: PlatformV1.ConfirmAtCounterRequest, _ call: ServerCall) async throws
        -> PlatformV1.Resident
    {
        let id: String = try ResourceName(parsing: request.name, ResidentService.residentName).id
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "resident.confirm_at_counter"
        ) { [self] unit in
            let record: ResidentRecord = try find(
                unit.connection, id: id, scope: unit.principal.scope(.counterClerk))
            try Etag.require(request.etag, version: record.version)
            guard record.level == .idNumber else {
                throw Refusal.wrongState(
                    reason: record.level == .counter ? "ALREADY_CONFIRMED" : "ID_NUMBER_MISSING",
                    zh: record.level == .counter ? "该居民已完成窗口确认。" : "请居民先完成实名核验。",
                    en: record.level == .counter
                        ? "This was done before." : "The resident has to verify the ID number first.")
            }
            guard try residents.setLevel(unit.connection, id: id, .counter, version: record.version) else {
                throw Refusal.conflict()
            }
            unit.audit(subject: record.name, details: ["level": "3"])
            unit.publish(
                DomainEvent(type: "resident.level_raised", subject: record.name, payload: ["level": "3"]))
            return PlatformV1.Resident(
                try find(unit.connection, id: id, scope: unit.principal.scope(.counterClerk)))
        }
    }

    func listMyDataAccesses(_ request: PlatformV1.ListMyDataAccessesRequest, _ call: ServerCall) async throws
        -> PlatformV1.ListMyDataAccessesResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: ["data accesses", principal.id])
        return try await platform.read(call) { context in
            let records: [DataAccessRecord] = try DataAccesses.list(
                context.connection, residentID: principal.id, before: paging.after?[0], limit: paging.limit)
            let page: (rows: [DataAccessRecord], nextPageToken: String) = paging.cut(records) { [$0.id] }
            return PlatformV1.ListMyDataAccessesResponse(
                accesses: page.rows.map(PlatformV1.DataAccess.init), nextPageToken: page.nextPageToken)
        }
    }

    /// A resident within a scope. The answer is the same for one elsewhere and for one that does not exist.
    private func find(_ connection: any Connection, id: String, scope: ScopeFilter) throws -> ResidentRecord {
        guard let record = try residents.find(connection, id: id),
            scope.contains(path: try residents.homePath(connection, id: id))
        else {
            throw Refusal.notFound(
                reason: "RESIDENT_NOT_FOUND", zh: "您的管辖范围内没有这位居民。",
                en: "There is no such resident within your area.")
        }
        return record
    }

    private func lookup(_ text: String, _ connection: any Connection, today: CivilDate) throws
        -> ResidentRecord?
    {
        let digits: Int = ASCII.narrowed(text).utf8.count { ASCII.digitValue($0) != nil }
        if digits >= IDNumber.length - 1 {
            return try residents.find(
                connection,
                idNumber: IDNumber(parsing: text, today: today, synthetic: synthetic, field: "lookup"))
        }
        return try residents.find(
            connection, phone: PhoneNumber(parsing: text, synthetic: synthetic, field: "lookup"))
    }

    private static func fields(_ fields: [PlatformV1.ResidentField]) throws(Refusal)
        -> [ProtectedResidentField]
    {
        var known: [ProtectedResidentField] = []
        for field in fields {
            switch field {
            case .fullName: known.append(.fullName)
            case .phone: known.append(.phone)
            case .idNumber: known.append(.idNumber)
            case .unspecified, .unrecognized: known = []
            }
            if known.isEmpty { break }
        }
        guard !known.isEmpty, known.count == fields.count, Set(known).count == known.count else {
            throw .invalid(
                field: "fields", reason: "FIELDS_INVALID", zh: "请选择要查看的内容，每项一次。",
                en: "Choose which fields to see, each once.")
        }
        return known
    }
}

extension PlatformV1.Resident {
    init(_ record: ResidentRecord) {
        self.init(
            name: record.name, maskedName: record.maskedName, maskedPhone: record.maskedPhone,
            maskedIDNumber: record.maskedIDNumber,
            level: PlatformV1.IdentityLevel(rawValue: Int32(record.level.rawValue)),
            home: OrganizationName.text(record.homeCode),
            createTime: GoogleProtobuf.Timestamp(record.createTime),
            synthetic: record.synthetic, etag: Etag(version: record.version).description)
    }
}

extension PlatformV1.DataAccess {
    init(_ record: DataAccessRecord) {
        let fields: [PlatformV1.ResidentField] = record.fields.map { field in
            switch field {
            case .fullName: .fullName
            case .phone: .phone
            case .idNumber: .idNumber
            }
        }
        self.init(
            accessTime: GoogleProtobuf.Timestamp(record.time), viewer: record.viewer, fields: fields,
            purpose: record.purpose, case: record.subject)
    }
}
