internal import Contract
internal import Kernel
internal import RPC
internal import Storage

extension StaffService {
    func grantRole(_ request: PlatformV1.GrantRoleRequest, _ call: ServerCall) async throws
        -> PlatformV1.Staff
    {
        let id: String = try ResourceName(parsing: request.name, StaffService.staffName).id
        let asked: PlatformV1.RoleGrant = request.grant ?? PlatformV1.RoleGrant()
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "staff.grant_role"
        ) { [self] unit in
            let record: StaffRecord = try find(unit, id: id)
            try Etag.require(request.etag, version: record.version)
            try give(unit, asked, to: id, field: "grant")
            return try bumped(unit, record)
        }
    }

    func approveGrant(_ request: PlatformV1.ApproveGrantRequest, _ call: ServerCall) async throws
        -> PlatformV1.Staff
    {
        let id: String = try ResourceName(parsing: request.name, StaffService.staffName).id
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "staff.approve_grant"
        ) { [self] unit in
            let record: StaffRecord = try find(unit, id: id)
            let waiting: GrantRecord? = try staff.grants(unit.connection, staffID: id, now: unit.now).first {
                $0.id == request.grantID && !$0.isLive
            }
            guard let waiting else {
                throw Refusal.notFound(
                    reason: "GRANT_NOT_WAITING", zh: "没有等待批准的授权。", en: "No such grant waits for approval.")
            }
            try StaffService.requireScope(unit, path: waiting.grant.scopePath)
            guard waiting.requester != unit.principal.name, id != unit.principal.id else {
                throw Refusal.permissionDenied(
                    reason: "SECOND_PERSON_NEEDED", zh: "须由申请人和被授权人以外的另一位管理员批准。",
                    en: "Another operator has to approve: neither who asked for it nor who gets it.")
            }
            guard try staff.approveGrant(unit.connection, id: waiting.id) else { throw Refusal.conflict() }
            unit.audit(subject: record.name, details: StaffService.details(waiting.grant))
            return try bumped(unit, record)
        }
    }

    func revokeRole(_ request: PlatformV1.RevokeRoleRequest, _ call: ServerCall) async throws
        -> PlatformV1.Staff
    {
        let id: String = try ResourceName(parsing: request.name, StaffService.staffName).id
        let asked: PlatformV1.RoleGrant = request.grant ?? PlatformV1.RoleGrant()
        let role: Role = try StaffService.role(asked.role, field: "grant.role")
        let scope: String = try OrganizationName.code(asked.scope, field: "grant.scope")
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "staff.revoke_role"
        ) { [self] unit in
            let record: StaffRecord = try find(unit, id: id)
            try Etag.require(request.etag, version: record.version)
            let found: GrantRecord? = try staff.grants(unit.connection, staffID: id, now: unit.now).first {
                $0.grant.role == role && $0.grant.scopeCode == scope
                    && OrganizationName.text($0.grant.departmentCode) == asked.department
            }
            guard let found else {
                throw Refusal.notFound(
                    reason: "GRANT_NOT_FOUND", zh: "该人员没有这项授权。", en: "The person has no such grant.")
            }
            try StaffService.requireScope(unit, path: found.grant.scopePath)
            if role == .operator, found.isLive, try staff.count(unit.connection, role: .operator) == 1 {
                throw Refusal.wrongState(
                    reason: "LAST_OPERATOR", zh: "不能撤销最后一位管理员。", en: "The last operator must stay.")
            }
            try staff.deleteGrant(unit.connection, id: found.id)
            unit.audit(subject: record.name, details: StaffService.details(found.grant))
            return try bumped(unit, record)
        }
    }

    /// Gives a role, or lets it wait for a second operator. While there is only one operator, that one may make the second:
    /// nobody else could.
    func give(_ unit: UnitOfWork, _ asked: PlatformV1.RoleGrant, to id: String, field: String) throws {
        let role: Role = try StaffService.role(asked.role, field: "\(field).role")
        let scope: OrganizationRecord = try Boundaries.usable(
            unit.connection, try OrganizationName.code(asked.scope, field: "\(field).scope"),
            on: unit.now.shanghaiDate)
        try StaffService.requireScope(unit, path: scope.path)
        let department: String? =
            try asked.department.isEmpty
            ? nil : OrganizationName.code(asked.department, field: "\(field).department")
        if let department,
            try Boundaries.usable(unit.connection, department, on: unit.now.shanghaiDate).level != .department
        {
            throw Refusal.invalid(
                field: "\(field).department", reason: "NO_DEPARTMENT", zh: "请选择部门。",
                en: "Choose a department.")
        }
        let expireTime: Instant? = try asked.expireTime.map { try $0.instant(field: "\(field).expire_time") }
        if let expireTime, expireTime <= unit.now {
            throw Refusal.invalid(
                field: "\(field).expire_time", reason: "ALREADY_EXPIRED", zh: "到期时间应晚于现在。",
                en: "The end must lie in the future.")
        }
        let existing: [GrantRecord] = try staff.grants(unit.connection, staffID: id, now: unit.now)
        guard existing.count < StaffAccounts.maximumGrants else {
            throw Refusal.wrongState(
                reason: "TOO_MANY_GRANTS", zh: "一人最多\(StaffAccounts.maximumGrants)项授权。",
                en: "One person has at most \(StaffAccounts.maximumGrants) grants.",
                metadata: ["maximum": "\(StaffAccounts.maximumGrants)"])
        }
        let isThere: Bool = existing.contains {
            $0.grant.role == role && $0.grant.scopeCode == scope.code && $0.grant.departmentCode == department
        }
        guard !isThere else {
            throw Refusal.alreadyExists(reason: "GRANT_EXISTS", zh: "该授权已存在。", en: "The grant exists.")
        }
        let isAlone: Bool = try staff.count(unit.connection, role: .operator) <= 1
        let isLive: Bool = !Role.needingApproval.contains(role) || isAlone
        try staff.insertGrant(
            unit, staffID: id, role: role, scope: scope, departmentCode: department, expireTime: expireTime,
            live: isLive)
        unit.audit(
            action: isLive ? "staff.grant_role" : "staff.request_role", subject: "staff/\(id)",
            details: ["role": role.rawValue, "scope": scope.code, "department": department ?? ""])
    }

    /// A member of staff within the operator's scope.
    func find(_ unit: UnitOfWork, id: String) throws -> StaffRecord {
        guard let record = try staff.find(unit.connection, id: id),
            unit.principal.scope(.operator).contains(path: record.organizationPath)
        else { throw StaffService.notFound }
        return record
    }

    static func requireScope(_ unit: UnitOfWork, path: String) throws(Refusal) {
        guard unit.principal.scope(.operator).contains(path: path) else {
            throw .permissionDenied(
                reason: "OUT_OF_SCOPE", zh: "该地点或单位不在您的管辖范围内。",
                en: "This place or body lies outside your area.")
        }
    }

    static func role(_ text: String, field: String) throws(Refusal) -> Role {
        let role: Role = Role(rawValue: text)
        guard Role.all.contains(role) else {
            throw .invalid(
                field: field, reason: "ROLE_UNKNOWN", zh: "没有这个角色，可用的有：\(names)。",
                en: "There is no such role. There are: \(names).", metadata: ["roles": names])
        }
        return role
    }

    private static let names: String = Role.all.map(\.rawValue).sorted().joined(separator: ", ")

    private static func details(_ grant: Grant) -> [String: String] {
        ["role": grant.role.rawValue, "scope": grant.scopeCode, "department": grant.departmentCode ?? ""]
    }

    private func bumped(_ unit: UnitOfWork, _ record: StaffRecord) throws -> PlatformV1.Staff {
        guard try staff.bump(unit.connection, id: record.id, version: record.version) else {
            throw Refusal.conflict()
        }
        return try message(unit.connection, id: record.id, now: unit.now)
    }

    /// A member of staff with grants, as callers see it.
    func message(_ connection: any Connection, id: String, now: Instant) throws -> PlatformV1.Staff {
        guard let record = try staff.find(connection, id: id) else { throw StaffService.notFound }
        let grants: [GrantRecord] = try staff.grants(connection, staffID: id, now: now)
        return PlatformV1.Staff(
            name: record.name, account: record.account, fullName: record.fullName, post: record.post,
            organization: OrganizationName.text(record.organizationCode),
            roles: grants.filter(\.isLive).map { PlatformV1.RoleGrant($0.grant) },
            pendingGrants: grants.filter { !$0.isLive }.map { grant in
                PlatformV1.PendingGrant(
                    id: grant.id, grant: PlatformV1.RoleGrant(grant.grant), requester: grant.requester)
            },
            disabled: record.disabled, synthetic: record.synthetic,
            createTime: GoogleProtobuf.Timestamp(record.createTime),
            etag: Etag(version: record.version).description)
    }
}
