"""What members, parameters and facts of one name are wherever they stand, said once; a shape may say it better."""

MEMBERS: dict[str, str] = {}
