package import Contract
internal import Crypto
internal import Kernel
package import RPC
internal import Storage

/// `KioskSignInService`: how a resident signs in at a kiosk, where nobody types a password.
///
/// The session belongs to the device: it is good only together with the device's certificate, ends after minutes, and a
/// phone alone gives it no more than identity level 1.
package struct KioskSignInDesk: PlatformV1.KioskSignInService {
    private typealias Methods = PlatformV1.KioskSignInServiceMethods

    let platform: Platform
    let identity: IdentityService
    private static let confirmed: String = "kiosk.qr_confirmed"

    package init(platform: Platform, identity: IdentityService) {
        self.platform = platform
        self.identity = identity
    }

    package static let access: [AccessRule] = [
        AccessRule(Methods.signInByCard, .device),
        AccessRule(Methods.signInByPhone, .device),
        AccessRule(Methods.beginQRSignIn, .device),
        AccessRule(Methods.waitForQRSignIn, .device),
        AccessRule(Methods.confirmQRSignIn, .resident(level: 1)),
    ]

    package func signInByCard(_ request: PlatformV1.SignInByCardRequest, _ call: ServerCall) async throws
        -> PlatformV1.Session
    {
        let device: String = try call.requirePrincipal().id
        let number: IDNumber = try IDNumber(
            parsing: request.idNumber, today: platform.environment.now().shanghaiDate,
            synthetic: identity.synthetic)
        let name: FullName = try FullName(parsing: request.fullName)
        let account: [UInt8] = platform.keyring.hash(number.text, purpose: "card attempts")
        let attempt: SignInThrottle.Attempt = SignInThrottle.Attempt(
            account: account, place: Place(call.peer), isKnownPlace: true)
        try identity.signIns.admit(attempt, now: platform.environment.now())
        let session: PlatformV1.Session = try await begin(call, device: device, limit: .counter) { unit in
            guard let record = try identity.residents.find(unit.connection, idNumber: number),
                try identity.residents.reveal(unit.connection, id: record.id, .fullName) == name.text
            else { throw KioskTexts.cardRefused }
            return record
        }
        identity.signIns.succeeded(attempt)
        return session
    }

    package func signInByPhone(_ request: PlatformV1.SignInByPhoneRequest, _ call: ServerCall) async throws
        -> PlatformV1.Session
    {
        let device: String = try call.requirePrincipal().id
        let phone: PhoneNumber = try PhoneNumber(parsing: request.phone, synthetic: identity.synthetic)
        let key: OneTimeCodes.Key = OneTimeCodes.Key(
            phone: identity.residents.phoneIndex(phone), purpose: .signIn, place: Place(call.peer))
        guard try await identity.isRightCode(request.code, key, for: phone, mustBeFree: false, call) else {
            throw KioskTexts.phoneRefused
        }
        return try await begin(call, device: device, limit: .phone) { unit in
            guard try identity.codes.consume(request.code, key, unit.connection, now: unit.now),
                let record = try identity.residents.find(unit.connection, phone: phone)
            else { throw KioskTexts.phoneRefused }
            return record
        }
    }

    package func beginQRSignIn(_ request: PlatformV1.BeginQRSignInRequest, _ call: ServerCall) async throws
        -> PlatformV1.BeginQRSignInResponse
    {
        let device: String = try call.requirePrincipal().id
        let secret: String = SecureRandom.token()
        return try await platform.performAsSystem(action: "kiosk.qr_begin") { unit in
            try Self.requireOpen(device, unit.connection)
            try KioskStore.sweepQR(unit.connection, now: unit.now)
            let expireTime: Instant = unit.now.adding(seconds: KioskLimits.qrSeconds)
            // Two kiosks with the same seven digits within two minutes: draw again.
            for _ in 0..<10 {
                let code: KioskCode = KioskCode(random: SecureRandom())
                let isNew: Bool = try KioskStore.beginQR(
                    unit.connection, code: code.text, secretHash: SHA256.hash(secret), kiosk: device,
                    expireTime: expireTime)
                if isNew {
                    return PlatformV1.BeginQRSignInResponse(
                        code: code.text, secret: secret, expireTime: .init(expireTime))
                }
            }
            throw KioskTexts.busy
        }
    }

    package func waitForQRSignIn(
        _ request: PlatformV1.WaitForQRSignInRequest, _ call: ServerCall,
        _ responses: ResponseWriter<PlatformV1.Session>
    ) async throws {
        let device: String = try call.requirePrincipal().id
        let hash: [UInt8] = SHA256.hash(request.secret)
        // Subscribed before the first read, so that nothing falls between the two.
        let wakes: AsyncStream<EventFeed.Wake> = try platform.events.subscribe(types: [Self.confirmed])
        if let session = try await session(hash, device: device, call) {
            return try await responses.write(session)
        }
        for await _ in wakes {
            if let session = try await session(hash, device: device, call) {
                return try await responses.write(session)
            }
        }
        throw KioskTexts.qrOver
    }

    /// A session, once the sign-in has been confirmed; nil while it waits.
    private func session(_ hash: [UInt8], device: String, _ call: ServerCall) async throws
        -> PlatformV1.Session?
    {
        let isConfirmed: Bool = try await platform.read(call) { context in
            guard let waiting = try KioskStore.qr(context.connection, secretHash: hash),
                waiting.kioskID == device, waiting.expireTime > context.now
            else { throw KioskTexts.qrOver }
            return waiting.residentID != nil
        }
        guard isConfirmed else { return nil }
        return try await begin(call, device: device, limit: .counter) { unit in
            guard let waiting = try KioskStore.qr(unit.connection, secretHash: hash),
                let id = waiting.residentID, waiting.kioskID == device,
                try KioskStore.endQR(unit.connection, secretHash: hash),
                let record = try identity.residents.find(unit.connection, id: id)
            else { throw KioskTexts.qrOver }
            return record
        }
    }

    package func confirmQRSignIn(_ request: PlatformV1.ConfirmQRSignInRequest, _ call: ServerCall)
        async throws
        -> PlatformV1.ConfirmQRSignInResponse
    {
        let principal: Principal = try call.requirePrincipal()
        // A session at a kiosk must not open another kiosk: its owner may have walked away.
        guard principal.deviceID == nil else { throw KioskTexts.codeOver }
        let code: KioskCode = try KioskCode(parsing: request.code)
        let attempt: SignInThrottle.Attempt = SignInThrottle.Attempt(
            account: platform.keyring.hash(principal.name, purpose: "kiosk codes"), place: Place(call.peer),
            isKnownPlace: true)
        try identity.signIns.admit(attempt, now: platform.environment.now())
        if request.validateOnly {
            let answer: PlatformV1.ConfirmQRSignInResponse = try await platform.read(call) { context in
                try Self.waitingKiosk(code, context.connection, now: context.now)
            }
            identity.signIns.succeeded(attempt)
            return answer
        }
        let answer: PlatformV1.ConfirmQRSignInResponse = try await platform.perform(
            call, request, requestID: request.requestID, action: "kiosk.qr_confirm"
        ) { unit in
            let answer: PlatformV1.ConfirmQRSignInResponse = try Self.waitingKiosk(
                code, unit.connection, now: unit.now)
            guard
                try KioskStore.confirmQR(
                    unit.connection, code: code.text, resident: unit.principal.id, now: unit.now)
            else { throw KioskTexts.codeOver }
            unit.audit(subject: unit.principal.name)
            unit.publish(DomainEvent(type: Self.confirmed, subject: unit.principal.name))
            return answer
        }
        identity.signIns.succeeded(attempt)
        return answer
    }

    private static func waitingKiosk(_ code: KioskCode, _ connection: any Connection, now: Instant) throws
        -> PlatformV1.ConfirmQRSignInResponse
    {
        guard let waiting = try KioskStore.waitingQR(connection, code: code.text, now: now),
            let kiosk = try KioskStore.find(connection, id: waiting.kioskID)
        else { throw KioskTexts.codeOver }
        let place: OrganizationRecord = try Organizations.get(connection, kiosk.placeCode)
        return .init(kioskText: KioskTexts.kiosk(kiosk, place: place.pathText))
    }

    /// Begins a session of the resident whom `find` gives, at a kiosk that is registered and open.
    private func begin(
        _ call: ServerCall, device: String, limit: IdentityLevel,
        find: @escaping @Sendable (UnitOfWork) throws -> ResidentRecord
    ) async throws -> PlatformV1.Session {
        try await platform.performAsSystem(action: "session.begin") { unit in
            try Self.requireOpen(device, unit.connection)
            let record: ResidentRecord = try find(unit)
            let principal: Principal = try identity.principal(record, unit, levelLimit: limit)
            let session: NewSession = try Sessions.begin(
                unit, kind: .resident, id: record.id, deviceID: device,
                peerAddress: Place.host(call.peer.address), levelLimit: limit)
            unit.audit(subject: session.record.name, details: ["resident": record.name, "kiosk": device])
            return PlatformV1.Session(
                session.record, token: session.token,
                me: PlatformV1.Me(principal, maskedPhone: record.maskedPhone))
        }
    }

    private static func requireOpen(_ device: String, _ connection: any Connection) throws {
        guard let kiosk = try KioskStore.find(connection, id: device) else { throw KioskTexts.notFound }
        if let reason = kiosk.lockReason { throw KioskTexts.locked(reason) }
    }
}
