// CommunityLife
