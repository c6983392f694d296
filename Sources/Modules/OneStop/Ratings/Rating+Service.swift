import Contract
import Kernel
import Platform
import RPC
import Storage

/// `RatingService`: residents rate what was done for them, departments answer, and everybody sees the figures.
///
/// An appeal is decided by a dispatcher or verifier of the place: they belong to the supervision centre. Whoever works for
/// the department, holds a right in it or made the appeal is refused.
struct RatingDesk: OneStopV1.RatingService {
    private typealias Methods = OneStopV1.RatingServiceMethods

    let platform: Platform
    let subjects: [any RatingSubjects]
    private var store: RatingStore { RatingStore(keyring: platform.keyring) }
    private var calendar: WorkCalendar { platform.documents.calendar }

    private static let pattern: ResourceName.Pattern = "ratings/{rating}"
    static let readers: [Role] = [.departmentOfficer, .dispatcher, .verifier]
    private static let changed: String = "rating.changed"

    static let access: [AccessRule] = [
        AccessRule(Methods.rateService, .resident(level: 1), .device),
        AccessRule(
            Methods.getRating, .resident(level: 1), .staff(.departmentOfficer, .dispatcher, .verifier)),
        AccessRule(
            Methods.listRatings, .resident(level: 1), .staff(.departmentOfficer, .dispatcher, .verifier)),
        AccessRule(Methods.rectifyRating, .staff(.departmentOfficer)),
        AccessRule(Methods.appealRating, .staff(.departmentOfficer)),
        AccessRule(Methods.reviewRatingAppeal, .staff(.dispatcher, .verifier)),
        AccessRule(Methods.confirmRectification, .resident(level: 1)),
        AccessRule(Methods.listDepartmentRatings, .anyone),
    ]

    // MARK: Whoever was served

    func rateService(_ request: OneStopV1.RateServiceRequest, _ call: ServerCall) async throws
        -> OneStopV1.Rating
    {
        try await platform.perform(call, request, requestID: request.requestID, action: "rating.create") {
            unit in
            try message(rate(request, unit), for: unit.principal, now: unit.now)
        }
    }

    /// The caller of the unit rates.
    func rate(_ request: OneStopV1.RateServiceRequest, _ unit: UnitOfWork) throws -> Rating {
        let subject: RatingSubject = try subject(request.subject, unit.reading)
        let claim: [UInt8]? =
            request.claim.isEmpty ? nil : RatingClaim.hash(request.claim, platform.keyring)
        try RatingRules.authorize(
            subject,
            RatingRules.Rater(
                principal: unit.principal.name, isResident: unit.principal.kind == .resident,
                device: unit.principal.deviceID, claimHash: claim))
        let policy: RatingPolicy = try policy()
        let comment: String = try RatingRules.commentRule.apply(request.comment, field: "comment")
        let grade: Int = Int(request.grade)
        try RatingRules.check(subject, grade: grade, comment: comment, policy, now: unit.now)
        let isBad: Bool = !Rating.goodGrades.contains(grade)
        let rating: Rating = Rating(
            id: unit.newID(), subject: subject.name, subjectText: subject.text,
            departmentCode: subject.departmentCode, departmentPath: subject.departmentPath,
            departmentText: subject.departmentText,
            resident: unit.principal.kind == .resident ? unit.principal.name : nil, grade: grade,
            comment: comment, state: isBad ? .rectifying : .closed,
            clock: isBad ? RatingClock(start: unit.now, limit: policy.rectifyLimit) : nil,
            createTime: unit.now, updateTime: unit.now)
        guard try store.insert(rating, due: due(rating, unit.now), unit.connection) else {
            throw RatingTexts.alreadyRated
        }
        try RatingStore.endInvitation(subject.name, unit.connection)
        tell(rating, unit)
        return rating
    }

    func confirmRectification(_ request: OneStopV1.ConfirmRectificationRequest, _ call: ServerCall)
        async throws -> OneStopV1.Rating
    {
        try await act(request, request.name, requestID: request.requestID, "rating.confirm", call) {
            rating, unit in
            guard rating.resident == unit.principal.name else { throw RatingTexts.notFound }
            let comment: String = try RatingRules.commentRule.apply(request.comment, field: "comment")
            let next: Rating = try RatingRules.confirm(
                rating, satisfied: request.satisfied, comment, try policy(), now: unit.now)
            if next.state == .rectifying { try write(next.resident, RatingTexts.again(next), next, unit) }
            return next
        }
    }

    // MARK: The department, and those who look at its appeals

    func rectifyRating(_ request: OneStopV1.RectifyRatingRequest, _ call: ServerCall) async throws
        -> OneStopV1.Rating
    {
        try await act(request, request.name, requestID: request.requestID, "rating.rectify", call) {
            rating, unit in
            try requireOfficer(of: rating, unit.principal)
            let text: String = try RatingRules.rectificationRule.apply(
                request.rectification, field: "rectification")
            let next: Rating = try RatingRules.rectify(rating, text, calendar, now: unit.now)
            try write(next.resident, RatingTexts.rectified(next, try policy()), next, unit)
            return next
        }
    }

    func appealRating(_ request: OneStopV1.AppealRatingRequest, _ call: ServerCall) async throws
        -> OneStopV1.Rating
    {
        try await act(request, request.name, requestID: request.requestID, "rating.appeal", call) {
            rating, unit in
            try requireOfficer(of: rating, unit.principal)
            let reason: String = try RatingRules.reasonRule.apply(request.reason, field: "reason")
            return try RatingRules.appeal(
                rating, reason, by: unit.principal.name, calendar, now: unit.now)
        }
    }

    func reviewRatingAppeal(_ request: OneStopV1.ReviewRatingAppealRequest, _ call: ServerCall) async throws
        -> OneStopV1.Rating
    {
        try await act(request, request.name, requestID: request.requestID, "rating.review", call) {
            rating, unit in
            try requireReviewer(of: rating, unit)
            let reason: String = try RatingRules.reasonRule.apply(request.reason, field: "reason")
            let next: Rating = try RatingRules.review(
                rating, upheld: request.upheld, reason, now: unit.now)
            try write(next.resident, RatingTexts.reviewed(next), next, unit)
            return next
        }
    }

    private func requireOfficer(of rating: Rating, _ principal: Principal) throws(Refusal) {
        guard
            principal.scope(.departmentOfficer).contains(
                path: rating.departmentPath, departmentCode: rating.departmentCode)
        else { throw RatingTexts.notFound }
    }

    private func requireReviewer(of rating: Rating, _ unit: UnitOfWork) throws {
        guard
            unit.principal.scope(.dispatcher, .verifier).contains(
                path: rating.departmentPath, departmentCode: rating.departmentCode)
        else { throw RatingTexts.notFound }
        let staff: StaffRecord? = try StaffAccounts(keyring: platform.keyring).find(
            unit.connection, id: unit.principal.id)
        let isInside: Bool =
            unit.principal.grants.contains { $0.departmentCode == rating.departmentCode }
            || staff?.organizationPath.hasPrefix(rating.departmentPath) ?? true
            || rating.appellant == unit.principal.name
        if isInside { throw RatingTexts.reviewerInside }
    }

    // MARK: Reading

    func getRating(_ request: OneStopV1.GetRatingRequest, _ call: ServerCall) async throws
        -> OneStopV1.Rating
    {
        let id: String = try ResourceName(parsing: request.name, RatingDesk.pattern).id
        let principal: Principal = try call.requirePrincipal()
        return try await platform.read(call) { context in
            guard let rating: Rating = try store.find(context.connection, id: id),
                isVisible(rating, to: principal)
            else { throw RatingTexts.notFound }
            return message(rating, for: principal, now: context.now)
        }
    }

    private func isVisible(_ rating: Rating, to principal: Principal) -> Bool {
        principal.kind == .resident
            ? rating.resident == principal.name
            : principal.scope(RatingDesk.readers).contains(
                path: rating.departmentPath, departmentCode: rating.departmentCode)
    }

    func listRatings(_ request: OneStopV1.ListRatingsRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListRatingsResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let state: RatingState? = RatingState(rawValue: Int(request.state.rawValue))
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: [String(request.state.rawValue)])
        return try await platform.read(call) { context in
            let rows: [Rating] =
                principal.kind == .resident
                ? try store.list(
                    context.connection, resident: principal.name, state: state, before: paging.after?[0],
                    limit: paging.limit)
                : try store.list(
                    context.connection, scope: principal.scope(RatingDesk.readers), state: state,
                    before: paging.after?[0], limit: paging.limit)
            let page = paging.cut(rows) { [$0.id] }
            return OneStopV1.ListRatingsResponse(
                ratings: page.rows.map { message($0, for: principal, now: context.now) },
                nextPageToken: page.nextPageToken)
        }
    }

    func listDepartmentRatings(_ request: OneStopV1.ListDepartmentRatingsRequest, _ call: ServerCall)
        async throws -> OneStopV1.ListDepartmentRatingsResponse
    {
        let place: String =
            request.place.isEmpty ? "" : try OrganizationName.code(request.place, field: "place")
        let paging: Paging = try Paging(size: request.pageSize, token: request.pageToken, query: [place])
        return try await platform.read(call) { context in
            let scope: ScopeFilter =
                place.isEmpty
                ? .everything : ScopeFilter(path: try Organizations.get(context.connection, place).path)
            let rows: [RatingStore.Figures] = try RatingStore.figures(
                context.connection, within: scope, after: paging.after?[0] ?? "", limit: paging.limit,
                now: context.now)
            let page = paging.cut(rows) { [$0.department] }
            return OneStopV1.ListDepartmentRatingsResponse(
                departments: page.rows.map(\.message), nextPageToken: page.nextPageToken)
        }
    }

    // MARK: Steps

    /// One verb on a rating, which the change itself authorises before it looks at anything else.
    private func act<Q: Message>(
        _ request: Q, _ name: String, requestID: String, _ action: String, _ call: ServerCall,
        _ change: @escaping @Sendable (Rating, UnitOfWork) throws -> Rating
    ) async throws -> OneStopV1.Rating {
        let id: String = try ResourceName(parsing: name, RatingDesk.pattern).id
        return try await platform.perform(call, request, requestID: requestID, action: action) { unit in
            guard let rating: Rating = try store.find(unit.connection, id: id) else {
                throw RatingTexts.notFound
            }
            var next: Rating = try change(rating, unit)
            next.updateTime = unit.now
            try store.update(next, due: due(next, unit.now), unit.connection)
            next.version += 1
            tell(next, unit)
            return message(next, for: unit.principal, now: unit.now)
        }
    }

    private func subject(_ name: String, _ context: ReadContext) throws -> RatingSubject {
        for source in subjects {
            if let subject: RatingSubject = try source.subject(name, context) { return subject }
        }
        throw RatingTexts.subjectNotFound
    }

    private func policy() throws(Refusal) -> RatingPolicy {
        guard let policy: RatingPolicy = RatingPolicy.current(platform) else {
            throw RatingTexts.policyMissing
        }
        return policy
    }

    private func due(_ rating: Rating, _ now: Instant) -> Instant? {
        rating.clock?.deadline(calendar, now: now).due
    }

    private func write(
        _ resident: String?, _ text: (title: BilingualText, body: BilingualText), _ rating: Rating,
        _ unit: UnitOfWork
    ) throws {
        guard let resident else { return }
        try platform.messages.write(
            unit, to: resident, title: text.title, body: text.body, subject: rating.name)
    }

    /// To the audit log and to listeners: which department, never who.
    private func tell(_ rating: Rating, _ unit: UnitOfWork) {
        let state: String = String(describing: rating.state)
        unit.audit(
            subject: rating.name,
            details: [
                "department": rating.departmentCode, "grade": String(rating.grade), "state": state,
            ])
        unit.publish(
            DomainEvent(
                type: RatingDesk.changed, subject: rating.name,
                payload: ["department": OrganizationName.text(rating.departmentCode), "state": state]))
    }

    private func message(_ rating: Rating, for principal: Principal, now: Instant) -> OneStopV1.Rating {
        rating.message(isOwn: principal.kind != .staff, calendar, now: now)
    }
}

extension RatingPolicy {
    /// The newest rules; nil before any were imported.
    static func current(_ platform: Platform) -> RatingPolicy? {
        platform.documents.value(.ratings, id: documentID, as: RatingPolicy.self)?.value
    }
}

extension RatingStore.Figures {
    /// The figures as they are published; few ratings are not broken down.
    var message: OneStopV1.DepartmentRatings {
        let isShown: Bool = total >= RatingRules.publishedMin
        return OneStopV1.DepartmentRatings(
            department: OrganizationName.text(department), departmentText: text,
            total: Int32(clamping: total), grades: isShown ? grades.map { Int32(clamping: $0) } : [],
            rectifiedInTime: isShown ? Int32(clamping: inTime) : 0,
            rectificationDue: isShown ? Int32(clamping: due) : 0)
    }
}
