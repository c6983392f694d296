internal import Contract
internal import Kernel
internal import RPC

/// `HouseholdService`: whom a resident applies for. Everything is about the caller's own household.
struct HouseholdDesk: PlatformV1.HouseholdService {
    private typealias Methods = PlatformV1.HouseholdServiceMethods

    let platform: Platform
    let synthetic: SyntheticData

    private var households: Households { Households(keyring: platform.keyring) }
    private static let name: ResourceName.Pattern = "householdMembers/{member}"

    static let access: [AccessRule] = [
        AccessRule(Methods.listHouseholdMembers, .resident(level: 1)),
        AccessRule(Methods.addHouseholdMember, .resident(level: 1)),
        AccessRule(Methods.removeHouseholdMember, .resident(level: 1)),
    ]

    func listHouseholdMembers(_ request: PlatformV1.ListHouseholdMembersRequest, _ call: ServerCall)
        async throws -> PlatformV1.ListHouseholdMembersResponse
    {
        let principal: Principal = try call.requirePrincipal()
        return try await platform.read(call) { [households] context in
            let members: [HouseholdMember] = try households.members(
                context.connection, residentID: principal.id)
            return PlatformV1.ListHouseholdMembersResponse(
                members: members.map { $0.message(on: context.now.shanghaiDate) })
        }
    }

    func addHouseholdMember(_ request: PlatformV1.AddHouseholdMemberRequest, _ call: ServerCall) async throws
        -> PlatformV1.HouseholdMember
    {
        let fullName: FullName = try FullName(parsing: request.fullName)
        guard let relation = HouseholdRelation(rawValue: Int(request.relation.rawValue)) else {
            throw HouseholdTexts.relation
        }
        let idNumber: IDNumber = try IDNumber(
            parsing: request.idNumber, today: platform.environment.now().shanghaiDate, synthetic: synthetic)
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "household.add"
        ) { [platform, households] unit in
            let resident: String = unit.principal.id
            let own: String? = try Residents(keyring: platform.keyring).reveal(
                unit.connection, id: resident, .idNumber)
            guard own != idNumber.text else { throw HouseholdTexts.yourself }
            guard try households.count(unit.connection, residentID: resident) < HouseholdLimits.members else {
                throw HouseholdTexts.tooMany
            }
            let member: HouseholdMember = HouseholdMember(
                id: unit.newID(), fullName: fullName, idNumber: idNumber, relation: relation,
                createTime: unit.now)
            guard try households.insert(member, residentID: resident, unit.connection) else {
                throw HouseholdTexts.twice
            }
            unit.audit(subject: member.name)
            return member.message(on: unit.now.shanghaiDate)
        }
    }

    func removeHouseholdMember(_ request: PlatformV1.RemoveHouseholdMemberRequest, _ call: ServerCall)
        async throws -> PlatformV1.HouseholdMember
    {
        let id: String = try ResourceName(parsing: request.name, Self.name).id
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "household.remove"
        ) { [households] unit in
            let resident: String = unit.principal.id
            guard
                let member: HouseholdMember = try households.find(
                    unit.connection, id: id, residentID: resident)
            else { throw HouseholdTexts.notFound }
            try households.remove(id: id, residentID: resident, unit.connection)
            unit.audit(subject: member.name)
            return member.message(on: unit.now.shanghaiDate)
        }
    }
}

extension HouseholdMember {
    fileprivate func message(on date: CivilDate) -> PlatformV1.HouseholdMember {
        PlatformV1.HouseholdMember(
            name: name, fullName: fullName.text, relation: .init(rawValue: Int32(relation.rawValue)),
            maskedIDNumber: idNumber.masked, age: Int32(clamping: age(on: date)),
            createTime: GoogleProtobuf.Timestamp(createTime))
    }
}
