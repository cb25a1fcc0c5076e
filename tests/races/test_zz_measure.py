import asyncio, time
from collections import Counter
from tests.given import Given, counted
from tests.races.books import crowd, journal, spread, tickets
from tests.servers import Servers
import tests.races.books as books

async def test_m(given: Given, two_servers: Servers) -> None:
    out=open('/tmp/rc/out.txt','w')
    mall = await given.mall(); agency = await mall.agency()
    busy=[0]
    orig=books.Asker.issue
    ks=spread(mall.kiosk, two_servers)
    for n,conc in ((200,200),(200,200),(200,32)):
        t=time.perf_counter(); codes=Counter(); lat=[]
        sem=asyncio.Semaphore(conc)
        async def one(i):
            async with sem:
                b=time.perf_counter()
                a=await ks[i%2].issue(agency.service); codes[a.status_code]+=1; lat.append(time.perf_counter()-b)
        await asyncio.gather(*(one(i) for i in range(n)))
        d=time.perf_counter()-t; lat.sort()
        print(n,conc,d,n/d,codes,'p50',lat[len(lat)//2],'max',lat[-1],file=out,flush=True)
    async with counted(mall.database) as seen:
        await mall.kiosk.takes(agency.service)
    print(len(seen),file=out); [print('  ',s.replace('\n',' ')[:170],file=out) for s in seen]
    officer,counter=await mall.open_counter(agency)
    await officer.get("/board")
    async with counted(mall.database) as seen:
        await officer.does(f"/counters/{counter}/calls")
    print(len(seen),file=out); [print('  ',s.replace('\n',' ')[:170],file=out) for s in seen]
