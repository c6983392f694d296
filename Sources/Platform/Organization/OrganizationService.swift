internal import Contract
internal import Kernel
internal import RPC
internal import Storage

/// The organisation tree.
struct OrganizationService: PlatformV1.OrganizationService {
    private static let queryRule: TextRule = TextRule(1...OrganizationSearch.maximumQueryCharacters)
    /// Results of a search, as asked for and at most.
    static let searchResults: (standard: Int, maximum: Int) = (10, 50)

    let platform: Platform

    static let access: [AccessRule] = [
        AccessRule(PlatformV1.OrganizationServiceMethods.getOrganization, .signedIn),
        AccessRule(PlatformV1.OrganizationServiceMethods.listOrganizations, .anyone),
        AccessRule(PlatformV1.OrganizationServiceMethods.searchOrganizations, .anyone),
        AccessRule(PlatformV1.OrganizationServiceMethods.createOrganization, .staff(.operator)),
        AccessRule(PlatformV1.OrganizationServiceMethods.endOrganization, .staff(.operator)),
    ]

    func getOrganization(_ request: PlatformV1.GetOrganizationRequest, _ call: ServerCall) async throws
        -> PlatformV1.Organization
    {
        let code: String = try OrganizationName.code(request.name)
        return try await platform.read(call) {
            var message: PlatformV1.Organization = PlatformV1.Organization(
                try Organizations.get($0.connection, code))
            message.successors = try Boundaries.successors(of: code, $0.connection).map {
                OrganizationName.text($0)
            }
            message.figures = try PlaceFigures.all(of: code, $0.connection).map(PlatformV1.PlaceFigure.init)
            return message
        }
    }

    func listOrganizations(_ request: PlatformV1.ListOrganizationsRequest, _ call: ServerCall) async throws
        -> PlatformV1.ListOrganizationsResponse
    {
        let parent: String? =
            try request.parent.isEmpty ? nil : OrganizationName.code(request.parent, field: "parent")
        let level: OrganizationLevel? = try OrganizationService.level(request.level, field: "level")
        let date: CivilDate? =
            try request.date.isEmpty ? nil : CivilDate(parsing: request.date, field: "date")
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken,
            query: ["organizations", request.parent, "\(request.level.rawValue)", request.date])
        return try await platform.read(call) { context in
            if let parent { _ = try Organizations.get(context.connection, parent) }
            let records: [OrganizationRecord] = try Organizations.children(
                context.connection, of: parent, level: level, on: date ?? context.now.shanghaiDate,
                after: paging.after?[0] ?? "",
                limit: paging.limit)
            let page: (rows: [OrganizationRecord], nextPageToken: String) = paging.cut(records) { [$0.code] }
            return PlatformV1.ListOrganizationsResponse(
                organizations: page.rows.map(PlatformV1.Organization.init), nextPageToken: page.nextPageToken)
        }
    }

    func searchOrganizations(_ request: PlatformV1.SearchOrganizationsRequest, _ call: ServerCall)
        async throws
        -> PlatformV1.SearchOrganizationsResponse
    {
        let query: String = try OrganizationService.queryRule.apply(request.query, field: "query")
        let level: OrganizationLevel? = try OrganizationService.level(request.level, field: "level")
        let ancestor: String? =
            try request.ancestor.isEmpty ? nil : OrganizationName.code(request.ancestor, field: "ancestor")
        _ = try PageSize(requested: request.pageSize)
        let (standard, maximum): (Int, Int) = OrganizationService.searchResults
        let limit: Int = request.pageSize == 0 ? standard : min(Int(request.pageSize), maximum)
        return try await platform.read(call) { context in
            let path: String = try ancestor.map { try Organizations.get(context.connection, $0).path } ?? "/"
            let found: [OrganizationRecord] = try OrganizationSearch.find(
                context.connection, query: query, ancestorPath: path, level: level,
                on: context.now.shanghaiDate, limit: limit)
            return PlatformV1.SearchOrganizationsResponse(
                organizations: found.map(PlatformV1.Organization.init))
        }
    }

    func createOrganization(_ request: PlatformV1.CreateOrganizationRequest, _ call: ServerCall) async throws
        -> PlatformV1.Organization
    {
        let new: NewOrganization = try OrganizationService.new(
            request.organization ?? PlatformV1.Organization())
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "organization.create"
        ) { unit in
            let parent: OrganizationRecord = try Boundaries.usable(
                unit.connection, new.parentCode ?? "", on: new.startDate ?? unit.now.shanghaiDate)
            guard unit.principal.scope(.operator).contains(path: parent.path) else {
                throw Refusal.permissionDenied()
            }
            let record: OrganizationRecord = try Organizations.insert(unit.connection, new)
            unit.audit(subject: record.resourceName, details: ["parent": parent.code])
            return PlatformV1.Organization(record)
        }
    }

    func endOrganization(_ request: PlatformV1.EndOrganizationRequest, _ call: ServerCall) async throws
        -> PlatformV1.Organization
    {
        let code: String = try OrganizationName.code(request.name)
        let date: CivilDate = try CivilDate(parsing: request.endDate, field: "end_date")
        let successors: [String] = try request.successors.map {
            try OrganizationName.code($0, field: "successors")
        }
        let reason: String = try StaffService.reasonRule.apply(request.reason, field: "reason")
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "organization.end"
        ) { unit in
            let record: OrganizationRecord = try Organizations.get(unit.connection, code)
            guard unit.principal.scope(.operator).contains(path: record.path) else {
                throw Refusal.permissionDenied()
            }
            try Etag.check(request.etag, version: Int64(record.version))
            let ended: OrganizationRecord = try Boundaries.end(
                record, on: date, successors: successors, today: unit.now.shanghaiDate, unit.connection)
            unit.audit(
                subject: record.resourceName,
                details: [
                    "end_date": date.description, "successors": successors.joined(separator: " "),
                    "reason": reason,
                ])
            var message: PlatformV1.Organization = PlatformV1.Organization(ended)
            message.successors = successors.sorted().map { OrganizationName.text($0) }
            return message
        }
    }

    private static func new(_ message: PlatformV1.Organization) throws(Refusal) -> NewOrganization {
        guard let level = try level(message.level, field: "organization.level") else {
            throw .invalid(
                field: "organization.level", reason: "LEVEL_MISSING", zh: "请选择层级。", en: "Choose a level.")
        }
        let center: GeoPoint? =
            if let point = message.center {
                try GeoPoint(
                    latitude: point.latitude, longitude: point.longitude, field: "organization.center")
            } else { nil }
        return NewOrganization(
            code: try OrganizationName.code(message.name, field: "organization.name"),
            name: try TextRule(1...60).apply(message.displayName, field: "organization.display_name"),
            level: level,
            parentCode: try OrganizationName.code(message.parent, field: "organization.parent"),
            householdCount: Int(message.householdCount), residentCount: Int(message.residentCount),
            center: center, aliases: message.aliases,
            phone: try TextRule(0...30).apply(message.phone, field: "organization.phone"),
            synthetic: message.synthetic,
            startDate: try message.startDate.isEmpty
                ? nil : CivilDate(parsing: message.startDate, field: "organization.start_date"))
    }

    /// Nil for the unspecified level.
    private static func level(_ level: PlatformV1.OrganizationLevel, field: String) throws(Refusal)
        -> OrganizationLevel?
    {
        if level == .unspecified { return nil }
        guard let known = OrganizationLevel(rawValue: Int(level.rawValue)) else {
            throw .invalid(
                field: field, reason: "LEVEL_UNKNOWN", zh: "没有这个层级。", en: "There is no such level.")
        }
        return known
    }
}

extension PlatformV1.PlaceFigure {
    init(_ figure: PlaceFigure) {
        self.init(
            id: figure.id, title: PlatformV1.Text(figure.title), value: figure.value,
            date: figure.date.description, source: figure.source)
    }
}

extension PlatformV1.Organization {
    /// The organisation on the wire.
    init(_ record: OrganizationRecord) {
        self.init(
            name: record.resourceName, displayName: record.name,
            level: PlatformV1.OrganizationLevel(rawValue: Int32(record.level.rawValue)),
            parent: OrganizationName.text(record.parentCode), pathText: record.pathText,
            childCount: Int32(clamping: record.childCount),
            householdCount: Int32(clamping: record.householdCount),
            residentCount: Int32(clamping: record.residentCount),
            center: record.center.map(PlatformV1.GeoPoint.init),
            aliases: record.aliases, phone: record.phone, synthetic: record.synthetic,
            etag: Etag(version: Int64(record.version)).description,
            startDate: record.startDate?.description ?? "", endDate: record.endDate?.description ?? "")
    }
}
