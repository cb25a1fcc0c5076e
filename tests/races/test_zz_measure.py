import asyncio, time
from tests.given import Given
from tests.races.books import spread
from tests.races.test_calling import people_come
async def test_m(given: Given, two_servers) -> None:
    with open('/tmp/rc/out7.txt','w') as out:
        m=await given.mall(); agency=await m.agency(counters=0)
        ks=spread(m.kiosk,two_servers)
        for k in ks: await k.takes(agency.service)
        for conc in (200,32,8,1):
            lat=[]; sem=asyncio.Semaphore(conc)
            async def go(i):
                async with sem:
                    t=time.perf_counter(); await ks[i%2].issue(agency.service); lat.append(time.perf_counter()-t)
            t=time.perf_counter(); await asyncio.gather(*(go(i) for i in range(300))); d=time.perf_counter()-t
            l=sorted(lat)
            print('issues',conc,round(300/d),'p50',round(l[150],3),'max',round(l[-1],3),file=out)
        cs=[await m.open_counter(agency, await m.counter(agency)) for _ in range(32)]
        async def one(n,o,c):
            o=o.at(two_servers.clients[n%2])
            for _ in range(8):
                a=await o.does(f"/counters/{c}/calls"); await o.does(f"/tickets/{a['id']}/cancellation")
        t=time.perf_counter(); await asyncio.gather(*(one(n,*c) for n,c in enumerate(cs))); d=time.perf_counter()-t
        print('call+cancel pairs/s',round(256/d),file=out)
