package import Contract
internal import Crypto
internal import Kernel
package import RPC
internal import Storage

extension IdentityService {
    package func registerResident(_ request: PlatformV1.RegisterResidentRequest, _ call: ServerCall)
        async throws
        -> PlatformV1.Session
    {
        let phone: PhoneNumber = try PhoneNumber(parsing: request.phone, synthetic: synthetic)
        let fullName: FullName = try FullName(parsing: request.fullName)
        let password: Password = try Password(parsing: request.password)
        let home: String? =
            try request.home.isEmpty ? nil : OrganizationName.code(request.home, field: "home")
        let key: OneTimeCodes.Key = OneTimeCodes.Key(
            phone: residents.phoneIndex(phone), purpose: .register, place: Place(call.peer))
        let requestKey: RequestLog.Key = try platform.requestKey(
            call, scope: "register", requestID: request.requestID, request: request)
        let id: String = platform.environment.newID().description
        let principal: Principal = Principal(
            kind: .resident, id: id, displayName: fullName.text, level: .phone, homeCode: home,
            synthetic: phone.isSynthetic)

        var hash: String = ""
        if try await !platform.wasAnswered(requestKey) {
            let isRight: Bool = try await isRightCode(request.code, key, for: phone, mustBeFree: true, call)
            guard isRight else { throw IdentityTexts.codeRefused }
            hash = try await hasher.hash(password)
        }
        let answer: PlatformV1.Session = try await platform.perform(
            call, as: principal, key: requestKey, action: "resident.register",
            keep: { PlatformV1.Session(name: $0.name, me: $0.me) }
        ) { [self, hash] unit in
            let resident: NewResident = NewResident(
                id: id, phone: phone, fullName: fullName, passwordHash: hash, homeCode: home,
                synthetic: phone.isSynthetic)
            try checkHome(home, unit)
            guard try codes.consume(request.code, key, unit.connection, now: unit.now),
                try residents.insert(unit, resident)
            else { throw IdentityTexts.codeRefused }
            unit.audit(subject: principal.name, details: ["level": "1"])
            return try begin(unit, principal, maskedPhone: phone.masked, account: key.phone, call)
        }
        if !answer.token.isEmpty { return answer }
        return try await beginAgain(answer, account: key.phone, call)
    }

    package func signInResident(_ request: PlatformV1.SignInResidentRequest, _ call: ServerCall) async throws
        -> PlatformV1.Session
    {
        let phone: PhoneNumber = try PhoneNumber(parsing: request.phone, synthetic: synthetic)
        let password: Password = try Password(parsing: request.password)
        let key: OneTimeCodes.Key = OneTimeCodes.Key(
            phone: residents.phoneIndex(phone), purpose: .signIn, place: Place(call.peer))
        guard try await isRightCode(request.code, key, for: phone, mustBeFree: false, call) else {
            throw IdentityTexts.residentRefused
        }
        // From here on the caller holds the phone. Wrong passwords count for this pair alone.
        let attempt: SignInThrottle.Attempt = SignInThrottle.Attempt(
            account: key.phone, place: key.place, isKnownPlace: true)
        try signIns.admit(attempt, now: platform.environment.now())
        let (record, stored): (ResidentRecord?, String?) = try await platform.read(call) { [self] context in
            let record: ResidentRecord? = try residents.find(context.connection, phone: phone)
            return (record, try record.flatMap { try residents.passwordHash(context.connection, id: $0.id) })
        }
        let isRight: Bool = try await hasher.verify(password, against: stored)
        guard isRight, let record else { throw IdentityTexts.residentRefused }
        signIns.succeeded(attempt)
        return try await platform.transact(
            principal: Principal(kind: .resident, id: record.id), peer: call.peerName, action: "session.begin"
        ) { [self] unit in
            guard try codes.consume(request.code, key, unit.connection, now: unit.now) else {
                throw IdentityTexts.residentRefused
            }
            let principal: Principal = try principal(record, unit)
            unit.audit(subject: principal.name)
            return try begin(unit, principal, maskedPhone: record.maskedPhone, account: key.phone, call)
        }
    }

    package func verifyIdentity(_ request: PlatformV1.VerifyIdentityRequest, _ call: ServerCall) async throws
        -> PlatformV1.Me
    {
        let principal: Principal = try call.requirePrincipal()
        let number: IDNumber = try IDNumber(
            parsing: request.idNumber, today: platform.environment.now().shanghaiDate, synthetic: synthetic)
        let fullName: FullName = try FullName(parsing: request.fullName)
        let phone: PhoneNumber = try await platform.read(call) { [self] context in
            guard let text = try residents.reveal(context.connection, id: principal.id, .phone) else {
                throw Refusal.internalError(reason: "PHONE_MISSING")
            }
            return PhoneNumber(stored: text)
        }
        let key: OneTimeCodes.Key = OneTimeCodes.Key(
            phone: residents.phoneIndex(phone), purpose: .verifyIdentity, place: Place(call.peer))
        let requestKey: RequestLog.Key = try platform.requestKey(
            call, scope: principal.name, requestID: request.requestID, request: request)
        if try await !platform.wasAnswered(requestKey) {
            let isRight: Bool = try await isRightCode(request.code, key, for: phone, mustBeFree: false, call)
            guard isRight else { throw IdentityTexts.codeRefused }
        }
        return try await platform.perform(
            call, as: principal, key: requestKey, action: "resident.verify_identity"
        ) { [self] unit in
            guard try codes.consume(request.code, key, unit.connection, now: unit.now) else {
                throw IdentityTexts.codeRefused
            }
            guard fullName.text == principal.displayName,
                try residents.setIDNumber(unit.connection, id: principal.id, number),
                let record = try residents.find(unit.connection, id: principal.id)
            else { throw IdentityTexts.identityRefused }
            unit.audit(subject: principal.name, details: ["level": "\(record.level.rawValue)"])
            unit.publish(
                DomainEvent(
                    type: "resident.level_raised", subject: principal.name,
                    payload: ["level": "\(record.level.rawValue)"]))
            return PlatformV1.Me(try self.principal(record, unit), maskedPhone: record.maskedPhone)
        }
    }

    /// Whether a code is right (and the phone free, if that matters). A wrong one uses up one of its tries and counts
    /// for the place.
    func isRightCode(
        _ code: String, _ key: OneTimeCodes.Key, for phone: PhoneNumber, mustBeFree: Bool, _ call: ServerCall
    ) async throws -> Bool {
        let known: Bool = try await platform.read(call) { [self] context in
            try places.contains(account: key.phone, place: key.place, context.connection)
        }
        let attempt: SignInThrottle.Attempt = SignInThrottle.Attempt(
            account: platform.keyring.hash(key.phone, purpose: "code attempts"), place: key.place,
            isKnownPlace: known)
        try signIns.admit(attempt, now: platform.environment.now())
        let isRight: Bool = try await platform.performAsSystem(action: "identity.check_code") { [self] unit in
            let isRight: Bool = try codes.check(code, key, unit.connection, now: unit.now)
            let isTaken: Bool = try residents.find(unit.connection, phone: phone) != nil
            return isRight && !(mustBeFree && isTaken)
        }
        if isRight { signIns.succeeded(attempt) }
        return isRight
    }

    func principal(
        _ record: ResidentRecord, _ unit: UnitOfWork, levelLimit: IdentityLevel = .counter
    ) throws -> Principal {
        Principal(
            kind: .resident, id: record.id,
            displayName: try residents.reveal(unit.connection, id: record.id, .fullName) ?? record.maskedName,
            level: min(record.level, levelLimit),
            homeCode: try record.homeCode.map {
                try Boundaries.current(unit.connection, $0, on: unit.now.shanghaiDate)
            }, synthetic: record.synthetic)
    }

    private func checkHome(_ home: String?, _ unit: UnitOfWork) throws {
        guard let home else { return }
        switch try Boundaries.usable(unit.connection, home, on: unit.now.shanghaiDate).level {
        case .community, .grid1, .grid2, .grid3: return
        case .prefecture, .county, .town, .department:
            throw Refusal.invalid(
                field: "home", reason: "HOME_TOO_WIDE", zh: "居住地请选择到社区、村或网格。",
                en: "Choose a community, a village or a grid as home.")
        }
    }

    /// Begins a session for somebody who has just shown who they are.
    func begin(
        _ unit: UnitOfWork, _ principal: Principal, maskedPhone: String, account: [UInt8], _ call: ServerCall
    ) throws -> PlatformV1.Session {
        let device: CertificateRecord? = try call.peer.certificate.flatMap {
            try Certificates.find(unit.connection, serial: $0.serialNumber)
        }
        // A session that could not be used over the connection on which it begins.
        guard device == nil || device?.kind == .device else { throw IdentityTexts.certificateOfVendor }
        let session: NewSession = try Sessions.begin(
            unit, kind: principal.kind, id: principal.id, deviceID: device?.subjectID,
            peerAddress: Place.host(call.peer.address))
        try places.remember(account: account, place: Place(call.peer), unit.connection, now: unit.now)
        unit.audit(action: "session.begin", subject: session.record.name)
        return PlatformV1.Session(
            session.record, token: session.token, me: PlatformV1.Me(principal, maskedPhone: maskedPhone))
    }

    /// A repeated registration: the first answer's account, with a session of its own, for tokens are not kept.
    private func beginAgain(_ answer: PlatformV1.Session, account: [UInt8], _ call: ServerCall) async throws
        -> PlatformV1.Session
    {
        let id: String = String((answer.me?.name ?? "").dropFirst("residents/".count))
        return try await platform.transact(
            principal: Principal(kind: .resident, id: id), peer: call.peerName, action: "session.begin"
        ) { [self] unit in
            guard let record = try residents.find(unit.connection, id: id) else {
                throw Refusal.internalError(reason: "RESIDENT_MISSING")
            }
            let principal: Principal = try principal(record, unit)
            return try begin(unit, principal, maskedPhone: record.maskedPhone, account: account, call)
        }
    }
}
